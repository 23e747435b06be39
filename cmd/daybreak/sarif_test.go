package main

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	_ "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif" // for the schema that it carries
	"github.com/santhosh-tekuri/jsonschema/v6"

	"daybreak/internal/diag"
)

// What the SARIF 2.1.0 schema and the ingestion rules of code-review tools ask
// of a log, over diagnostics of every form.
func TestSarifIsValid(t *testing.T) {
	list := diag.List{
		{Severity: diag.Error, Code: "leak-ticket", Position: diag.Position{Commit: strings.Repeat("a1", 20), Part: `trailer "Release-Note"`}, Message: "a\x1b[31m b", Hint: "mend."},
		{Severity: diag.Warning, Code: "glossary", Position: diag.Position{File: "content/mails/de/ä b.md", Line: 3, Column: 7}, Message: "m", Hint: "write \"x\"."},
		{Severity: diag.Note, Code: "glossary", Message: "nowhere"},
		{Severity: diag.Error, Code: "absent", Position: diag.Position{File: "daybreak.yaml", Part: `key "a"`}, Message: "whole file"},
	}
	schema := sarifSchema(t)
	for _, workspace := range []string{"daybreak.yaml", ""} {
		data, err := json.Marshal(sarif(list, "1.0.0", workspace))
		if err != nil {
			t.Fatal(err)
		}
		if err := validate(schema, data); err != nil {
			t.Errorf("%v\n%s", err, data)
		}
		var log struct {
			Schema  string `json:"$schema"`
			Version string
			Runs    []struct {
				Tool struct {
					Driver struct {
						Name  string
						Rules []struct {
							ID   string
							Help struct{ Text string }
						}
					}
				}
				ColumnKind string
				Results    *[]struct {
					RuleID    string
					RuleIndex int
					Level     string
					Message   struct{ Text string }
					Locations []struct {
						PhysicalLocation *struct {
							ArtifactLocation struct{ URI string }
							Region           *struct{ StartLine, StartColumn int }
						}
						LogicalLocations []struct{ FullyQualifiedName string }
					}
				}
			}
		}
		if err := json.Unmarshal(data, &log); err != nil {
			t.Fatal(err)
		}
		if log.Version != "2.1.0" || !strings.Contains(log.Schema, "sarif-2.1.0") || len(log.Runs) != 1 || log.Runs[0].Tool.Driver.Name == "" || log.Runs[0].Results == nil {
			t.Fatalf("%s", data)
		}
		run := log.Runs[0]
		var ids []string
		for _, r := range run.Tool.Driver.Rules {
			if r.ID == "" || r.Help.Text == "" || slices.Contains(ids, r.ID) {
				t.Errorf("rule %+v", r)
			}
			ids = append(ids, r.ID)
		}
		if len(*run.Results) != len(list) || len(ids) != 3 {
			t.Errorf("%d results, %d rules", len(*run.Results), len(ids))
		}
		for i, r := range *run.Results {
			if r.RuleIndex < 0 || r.RuleIndex >= len(ids) || ids[r.RuleIndex] != r.RuleID || r.RuleID != list[i].Code {
				t.Errorf("result %d: rule %q at %d of %q", i, r.RuleID, r.RuleIndex, ids)
			}
			if r.Message.Text == "" || strings.ContainsRune(r.Message.Text, 0x1b) || !slices.Contains([]string{"error", "warning", "note"}, r.Level) {
				t.Errorf("result %d: %+v", i, r)
			}
			if workspace != "" && len(r.Locations) != 1 {
				t.Errorf("result %d has no place", i)
			}
			for _, at := range r.Locations {
				if at.PhysicalLocation == nil && len(at.LogicalLocations) == 0 {
					t.Errorf("result %d: an empty place", i)
				}
				if p := at.PhysicalLocation; p != nil {
					if uri := p.ArtifactLocation.URI; uri == "" || strings.ContainsAny(uri, " ä\\") || strings.HasPrefix(uri, "/") {
						t.Errorf("result %d: uri %q", i, uri)
					}
					if p.Region != nil && p.Region.StartLine < 1 {
						t.Errorf("result %d: line %d", i, p.Region.StartLine)
					}
				}
			}
		}
	}
}

// sarifSchema is the schema of SARIF 2.1.0 as go-sarif carries it. Its own Validate
// can't be used: it writes every list that a log hasn't as null, which is invalid.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3").Output()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(strings.TrimSpace(string(dir)), "pkg", "report", "v210", "sarif", "schema.go")
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	ast.Inspect(file, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
			text, err = strconv.Unquote(l.Value)
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("sarif.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// validate holds a log against a schema.
func validate(schema *jsonschema.Schema, data []byte) error {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return err
	}
	return schema.Validate(doc)
}

// The schema is asked: a log that lacks what it requires, or says more than it
// knows, fails.
func TestSarifSchemaIsAsked(t *testing.T) {
	schema := sarifSchema(t)
	if err := validate(schema, []byte(`{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": []}]}`)); err != nil {
		t.Fatal(err)
	}
	for _, broken := range []string{
		`{"version": "2.1.0", "runs": [{"results": []}]}`,
		`{"version": "2.0.0", "runs": []}`,
		`{"version": "2.1.0", "runs": [], "more": 1}`,
		`{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [{"message": {"text": "m"}, "level": "grave"}]}]}`,
	} {
		if validate(schema, []byte(broken)) == nil {
			t.Errorf("%s is valid", broken)
		}
	}
}
