package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rhysd/actionlint"
	"go.yaml.in/yaml/v4"
)

// The examples for CI are what the forges take: actionlint reads those for GitHub
// Actions, gitlab-ci-local those for GitLab, by GitLab's own schema and by its stages.
func TestCIExamples(t *testing.T) {
	github, gitlab := 0, 0
	for name, text := range docPages(t) {
		for _, block := range fence.FindAllStringSubmatch(text, -1) {
			if block[1] != "yaml" {
				continue
			}
			var doc any
			if err := yaml.Unmarshal([]byte(block[2]), &doc); err != nil {
				t.Errorf("%s: %v\n%s", name, err, block[2])
				continue
			}
			top, _ := doc.(map[string]any)
			switch {
			case top["jobs"] != nil:
				github++
				for _, e := range lintedWorkflow(t, block[2]) {
					t.Errorf("%s: %v", name, e)
				}
				for _, run := range runLines(top) {
					if strings.Contains(run, "${{") { // the linter forbids only what strangers write
						t.Errorf("%s puts an expression into a script: %s", name, run)
					}
				}
			case hasScript(top):
				gitlab++
				if said, ok := lintedPipeline(t, block[2]); !ok {
					t.Errorf("%s: %s", name, said)
				}
			}
		}
	}
	if github < 2 || gitlab < 2 {
		t.Errorf("%d examples for GitHub, %d for GitLab", github, gitlab)
	}
}

// hasScript recognizes GitLab's jobs.
func hasScript(doc map[string]any) bool {
	for _, job := range doc {
		if job, _ := job.(map[string]any); job["script"] != nil {
			return true
		}
	}
	return false
}

// runLines gives the scripts of a workflow's steps.
func runLines(doc map[string]any) (out []string) {
	jobs, _ := doc["jobs"].(map[string]any)
	for _, job := range jobs {
		job, _ := job.(map[string]any)
		steps, _ := job["steps"].([]any)
		for _, step := range steps {
			step, _ := step.(map[string]any)
			if run, is := step["run"].(string); is {
				out = append(out, run)
			}
		}
	}
	return out
}

func lintedWorkflow(t *testing.T, text string) []*actionlint.Error {
	t.Helper()
	// Without shellcheck and pyflakes, which not every machine has.
	linter, err := actionlint.NewLinter(io.Discard, &actionlint.LinterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	errs, err := linter.Lint("workflow.yaml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	return errs
}

// lintedPipeline lets gitlab-ci-local read a pipeline as far as the list of its jobs.
func lintedPipeline(t *testing.T, text string) (said string, ok bool) {
	t.Helper()
	// The program asks for a newer Node for the sake of this one method.
	const union = "data:text/javascript,Set.prototype.union=function(o){return new Set([...this,...o])}"
	c := node(t, "--import", union, webTools+"/gitlab-ci-local/dist/index.js", "--preview")
	c.Dir = t.TempDir()
	c.Env = append(os.Environ(), "HOME="+c.Dir, "GIT_CONFIG_GLOBAL="+os.DevNull)
	if out, err := exec.Command("git", "-C", c.Dir, "init", "-q").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := os.WriteFile(filepath.Join(c.Dir, ".gitlab-ci.yml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := c.CombinedOutput()
	return string(out), err == nil && strings.Contains(string(out), "json schema validated")
}

// The linters find a mistake of each sort.
func TestCIExamplesAreReallyRead(t *testing.T) {
	const workflow = `on: push
jobs:
  notes:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
`
	for _, change := range []string{"", "on: push|on: pushed", "runs-on|run-on", "jobs:|permissions: {content: read}\njobs:", "uses: actions/checkout@v4|run: echo '${{ github.event.pull_request.title }}'", "@v4|"} {
		before, after, _ := strings.Cut(change, "|")
		if got := lintedWorkflow(t, strings.Replace(workflow, before, after, 1)); len(got) > 0 != (change != "") {
			t.Errorf("GitHub: %q: %v", change, got)
		}
	}
	const pipeline = `stages: [check]
notes:
  stage: check
  rules:
    - if: $CI_COMMIT_BRANCH
  script:
    - daybreak check
`
	for _, change := range []string{"", "stage: check|stage: chek", "rules:|rulez:", "- if:|- iff:", "script:|scripts:"} {
		before, after, _ := strings.Cut(change, "|")
		if said, ok := lintedPipeline(t, strings.Replace(pipeline, before, after, 1)); ok != (change == "") {
			t.Errorf("GitLab: %q: %v, %s", change, ok, said)
		}
	}
}
