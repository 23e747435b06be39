package main

import (
	"cmp"
	"net/url"
	"slices"

	"daybreak/internal/diag"
)

// The types of a SARIF 2.1.0 log, as far as code-review tools read it:
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool struct {
			Driver sarifDriver `json:"driver"`
		} `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID   string       `json:"id"`
		Help sarifMessage `json:"help"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"` // error, warning, note
		Message   sarifMessage    `json:"message"`
		Locations []sarifLocation `json:"locations,omitempty"`
	}
	sarifLocation struct {
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact struct {
			URI string `json:"uri"`
		} `json:"artifactLocation"`
		Region *sarifRegion `json:"region,omitempty"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
	}
	sarifLogical struct {
		Name string `json:"fullyQualifiedName"`
		Kind string `json:"kind,omitempty"`
	}
)

// sarif makes a log of diagnostics. Addresses of files are relative to the
// workspace. Review tools show only what has a file: what is said of a commit
// stands at the configuration, and names the commit as its logical place.
func sarif(list diag.List, version, configFile string) sarifLog {
	log := sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: make([]sarifRun, 1)}
	run := &log.Runs[0]
	run.ColumnKind = "unicodeCodePoints"
	run.Results = []sarifResult{}
	run.Tool.Driver = sarifDriver{Name: "daybreak", Version: version, Rules: []sarifRule{}}
	rules := &run.Tool.Driver.Rules
	for _, d := range list {
		if !slices.ContainsFunc(*rules, func(r sarifRule) bool { return r.ID == d.Code }) {
			*rules = append(*rules, sarifRule{ID: d.Code, Help: sarifMessage{cmp.Or(d.Hint, d.Message)}})
		}
	}
	slices.SortFunc(*rules, func(a, b sarifRule) int { return cmp.Compare(a.ID, b.ID) })
	for _, d := range list {
		text := d.Message
		if d.Hint != "" {
			text += "\n" + d.Hint
		}
		index, _ := slices.BinarySearchFunc(*rules, d.Code, func(r sarifRule, code string) int { return cmp.Compare(r.ID, code) })
		run.Results = append(run.Results, sarifResult{
			RuleID: d.Code, RuleIndex: index, Level: d.Severity.String(), Message: sarifMessage{diag.Printable(text)},
			Locations: sarifLocations(d.Position, configFile),
		})
	}
	return log
}

func sarifLocations(p diag.Position, configFile string) []sarifLocation {
	var at sarifLocation
	if file := cmp.Or(p.File, configFile); file != "" {
		at.Physical = &sarifPhysical{}
		at.Physical.Artifact.URI = (&url.URL{Path: file}).EscapedPath()
		if p.Line > 0 {
			at.Physical.Region = &sarifRegion{StartLine: p.Line, StartColumn: p.Column}
		}
	}
	switch {
	case p.Commit != "" && p.Part != "":
		at.Logical = []sarifLogical{{Name: "commit " + p.Commit + "/" + p.Part}}
	case p.Commit != "":
		at.Logical = []sarifLogical{{Name: "commit " + p.Commit}}
	case p.Part != "":
		at.Logical = []sarifLogical{{Name: p.Part}}
	}
	if at.Physical == nil && at.Logical == nil {
		return nil
	}
	return []sarifLocation{at}
}
