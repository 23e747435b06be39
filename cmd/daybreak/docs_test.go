package main

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"daybreak/content"
)

// docPages are the pages of the documentation and the README, by name.
func docPages(t *testing.T) map[string]string {
	t.Helper()
	pages := map[string]string{}
	names, err := fs.Glob(content.FS, "docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(content.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		pages[strings.TrimPrefix(name, "docs/")] = string(data)
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	pages["README.md"] = string(readme)
	return pages
}

var (
	fence   = regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```$")
	command = regexp.MustCompile(`(?:^|[\s` + "`" + `])daybreak ([a-z][^` + "`" + `|>\n#;&]*)`)
	inline  = regexp.MustCompile("`(daybreak [^`]+)`")
)

// Every command line that the documentation shows exists, with its flags.
func TestDocsNameRealCommands(t *testing.T) {
	seen := 0
	for name, text := range docPages(t) {
		var lines []string
		for _, block := range fence.FindAllStringSubmatch(text, -1) {
			for _, line := range strings.Split(block[2], "\n") {
				if block[1] != "console" || strings.HasPrefix(line, "$ ") {
					lines = append(lines, line)
				}
			}
		}
		for _, line := range strings.Split(fence.ReplaceAllString(text, ""), "\n") {
			if strings.HasPrefix(line, "    ") {
				lines = append(lines, line)
				continue
			}
			for _, m := range inline.FindAllStringSubmatch(line, -1) {
				lines = append(lines, m[1])
			}
		}
		for _, line := range lines {
			for _, m := range command.FindAllStringSubmatch(line, -1) {
				seen++
				args := strings.Fields(m[1])
				root := newRoot()
				c, rest, err := root.Find(args)
				if err != nil || c == root {
					t.Errorf("%s: %q: there is no such command", name, line)
					continue
				}
				for _, arg := range rest {
					flag, _, _ := strings.Cut(strings.Trim(arg, "[].,…"), "=")
					long, is := strings.CutPrefix(flag, "--")
					if !is || long == "" || long == "help" {
						continue
					}
					if known := c.Flags().Lookup(long); known == (*pflag.Flag)(nil) {
						t.Errorf("%s: %q: `daybreak %s` has no flag --%s", name, strings.TrimSpace(line), c.Name(), long)
					}
				}
			}
		}
	}
	if seen < 50 {
		t.Errorf("found only %d command lines: are they written in another form now?", seen)
	}
}

// Every page has its place in the list, and the commands' page has every command.
func TestDocumentationIsComplete(t *testing.T) {
	docs, err := documentation()
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{}
	for _, section := range docs.Sections {
		for _, text := range section.Texts {
			if listed[text.Name] != "" {
				t.Errorf("%s is listed twice", text.Name)
			}
			listed[text.Name] = text.Source
		}
	}
	for name := range docPages(t) {
		if base, is := strings.CutSuffix(name, ".md"); is && name != "README.md" && listed[base] == "" {
			t.Errorf("content/docs/contents.yaml lacks %s", base)
		}
	}
	for _, c := range newRoot().Commands() {
		if c.Name() != "help" && c.Name() != "completion" && !strings.Contains(listed[commandsPage], "\n## daybreak "+c.Name()+"\n") {
			t.Errorf("the page of commands lacks %s", c.Name())
		}
	}
}
