package main

import (
	"os"
	"runtime/debug"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	// A thousand commands that run for moments: to save memory takes a fifth of their time.
	debug.SetGCPercent(400)
	testscript.Main(m, map[string]func(){
		"daybreak": main,
	})
}

// TestScripts runs every txtar under testdata/script: one behaviour a file,
// told in its first line. `git` there is the real one, shut off from the
// configuration of whoever runs the tests.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"mailserver": mailServerCommand, "s3": storeCommand},
		UpdateScripts:       os.Getenv("DAYBREAK_UPDATE") != "",
		Setup: func(e *testscript.Env) error {
			e.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
			e.Setenv("GIT_CONFIG_NOSYSTEM", "1")
			for _, who := range []string{"AUTHOR", "COMMITTER"} {
				e.Setenv("GIT_"+who+"_NAME", "Mira Kern")
				e.Setenv("GIT_"+who+"_EMAIL", "mira@example.org")
				e.Setenv("GIT_"+who+"_DATE", "2026-05-12T06:30:00+02:00")
			}
			return nil
		},
	})
}
