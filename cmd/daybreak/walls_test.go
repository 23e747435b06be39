package main

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestWalls holds the real import graph against the table of the architecture
// page: an edge that the table doesn't name fails, and so does a package that
// has no row.
func TestWalls(t *testing.T) {
	page, err := os.ReadFile("../../content/docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	allowed := wallTable(string(page))
	if len(allowed) < 10 {
		t.Fatalf("the table on the architecture page has only %d rows: was its form changed?", len(allowed))
	}
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "daybreak/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		fields := strings.Fields(line)
		from := strings.TrimPrefix(fields[0], "daybreak/")
		may, known := allowed[from]
		if !known {
			t.Errorf("%s has no row in the table of content/docs/architecture.md", from)
			continue
		}
		for _, to := range fields[1:] {
			if git := "github.com/go-git/go-git/"; strings.HasPrefix(to, git) && from != "internal/gitsource" && from != "internal/demo" {
				t.Errorf("%s imports %s: only gitsource reads git and only demo writes it", from, to)
			}
			to, ours := strings.CutPrefix(to, "daybreak/")
			if !ours || slices.Contains(may, "all") {
				continue
			}
			if !slices.Contains(may, strings.TrimPrefix(to, "internal/")) {
				t.Errorf("%s imports %s, which the table does not allow", from, to)
			}
		}
	}
}

var wallCode = regexp.MustCompile("`([^`]+)`")

// wallTable reads `| package | job | may import |` rows.
func wallTable(page string) map[string][]string {
	allowed := map[string][]string{}
	for _, line := range strings.Split(page, "\n") {
		cells := strings.Split(strings.Trim(line, "|"), "|")
		if len(cells) != 3 || !strings.Contains(cells[0], "`") {
			continue
		}
		var may []string
		for _, name := range strings.Split(cells[2], ",") {
			if name = strings.TrimSpace(name); name != "" {
				may = append(may, name)
			}
		}
		for _, m := range wallCode.FindAllStringSubmatch(cells[0], -1) {
			allowed[m[1]] = may
		}
	}
	return allowed
}
