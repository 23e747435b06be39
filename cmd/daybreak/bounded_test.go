package main

import (
	"context"
	"os/exec"
	"testing"
	"time"
)

// bounded is a command that is killed where it has hung: three minutes are many
// times what any takes here on a busy machine.
func bounded(t *testing.T, name string, args ...string) *exec.Cmd {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.WaitDelay = 10 * time.Second
	return cmd
}
