package compose

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// DayContent is what a workspace's content files say about every deployment
// day in one language: content/runbook.<lang>.yaml and
// content/checks.<lang>.yaml. The comments at the head of the shipped files
// are the specification of the format.
type DayContent struct {
	Lang  model.Lang
	roles []dayRole
	// phases, ladder and checks as written; times are still moments.
	phases     []dayPhase
	ladder     []dayRung
	special    specialTexts
	rolls      []string
	end        *moment // nothing is planned after it; nil: midnight
	endAt      source
	smoke      []standingCheck
	areas      []areaChecks
	everywhere []standingCheck
	digest     [sha256.Size]byte // over both files
}

// source says where something was written, for diagnostics that only come up
// once configuration is known.
type source struct {
	file string
	node *yaml.Node
}

func (s source) position() diag.Position {
	if s.node == nil {
		return diag.Position{File: s.file}
	}
	return diag.Position{File: s.file, Line: s.node.Line, Column: s.node.Column}
}

type dayRole struct {
	id, name string
	unlisted bool // no line of its own among the people
	several  bool // more than one person: its steps may overlap
}

type dayPhase struct {
	code, title, note string
	steps             []dayStep
	ladder, rolls     bool // printed on this sheet
	lines             int  // blank ones for notes
	source            source
}

type dayStep struct {
	source    source
	code      string
	at        *moment // nil: when needed
	minutes   int
	database  bool // lasts as long as the database update is planned to
	slack     int  // minutes kept free behind it
	kind      model.StepKind
	text      string
	detail    string
	owner     string
	deputy    string
	reason    string
	mode      string
	sign      string
	each      bool // a box per system
	every     int  // minutes between the boxes of a watch strip
	optional  bool // takes place only when its detail says so; takes nobody's time in the plan
	after     []string
	threshold *dayThreshold
	gate      *dayGate
	order     string // what is ordered for a break
}

type dayThreshold struct {
	at         *moment
	when, then string
}

type dayGate struct {
	question         string
	criteria         []string
	decider, confirm string
	latest           *moment
	noGo             string
}

type dayRung struct {
	source         source
	until          *moment
	means, say, do string
}

// specialTexts are the sentences of special notes that daybreak finds itself.
type specialTexts struct {
	source                                                                                                 source
	none, step, migration, migrationStep, migrationThreshold, configuration, dependencies, reverted, alarm string
}

type standingCheck struct {
	source               source
	title, expect, owner string
	how                  []string
}

type areaChecks struct {
	source source
	area   string
	checks []standingCheck
}

// LoadDay reads runbook.<lang>.yaml and checks.<lang>.yaml of a content folder.
// Diagnostics name them as a workspace does, content/runbook.<lang>.yaml.
// What can be read is returned even where diagnostics say that parts are wrong;
// a document must not be made of it while the list holds an error.
func LoadDay(fsys fs.FS, l model.Lang) (DayContent, diag.List) {
	d := DayContent{Lang: l}
	var list diag.List
	hash := sha256.New()
	for _, part := range []struct {
		name string
		read func(*strict, *yaml.Node)
	}{{"runbook", d.readRunbook}, {"checks", d.readChecks}} {
		name := fmt.Sprintf("%s.%s.yaml", part.name, l)
		data, err := fs.ReadFile(fsys, name)
		file := "content/" + name
		s := &strict{file: file, list: &list}
		if err != nil {
			hint := diag.Say("`daybreak init` writes a starter file.")
			if !errors.Is(err, fs.ErrNotExist) {
				hint = diag.Say("Make the file readable.")
			}
			s.fail(nil, "unreadable", hint, "cannot read: %v", err)
			continue
		}
		facts := bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n")) // git on Windows writes the former
		fmt.Fprintf(hash, "%d\n", len(facts))
		hash.Write(facts)
		if root := s.root(data); root != nil {
			part.read(s, root)
		} else if !slices.ContainsFunc(list, func(d diag.Diagnostic) bool { return d.Position.File == file }) {
			s.fail(nil, "empty", diag.Say("Delete the file to use the one that daybreak ships."), "the file is empty")
		}
	}
	d.digest = [sha256.Size]byte(hash.Sum(nil))
	d.lintContent(&list)
	list.Sort()
	return d, list
}

// maxSteps bounds a runbook: a day of 24 hours with more than one step a minute
// is no plan, and its times would take long to compute.
const maxSteps = 1500

// file is where the runbook is written, as a whole.
func (d *DayContent) file() source {
	return source{file: fmt.Sprintf("content/runbook.%s.yaml", d.Lang)}
}

// codes gives every step code, in order.
func (d *DayContent) codes() []string {
	var out []string
	for _, p := range d.phases {
		for _, s := range p.steps {
			out = append(out, s.code)
		}
	}
	return out
}

// splitRoles reads "SUP+DEV".
func splitRoles(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == '+' || r == ',' || r == ' ' || r == '/' })
}
