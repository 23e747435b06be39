package main

import (
	"testing"

	"github.com/spf13/cobra"
)

// Every command stands in a group, explains itself and shows how it is called.
func TestEveryCommandExplainsItself(t *testing.T) {
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		for _, sub := range c.Commands() {
			if sub.Name() == "help" || sub.Name() == "completion" {
				continue // cobra's
			}
			if sub.Long == "" || sub.Example == "" {
				t.Errorf("%s lacks a long text or an example", sub.CommandPath())
			}
			if !c.HasParent() && sub.GroupID == "" {
				t.Errorf("%s stands in no group", sub.CommandPath())
			}
			walk(sub)
		}
	}
	walk(newRoot())
}
