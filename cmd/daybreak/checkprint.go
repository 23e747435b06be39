package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"daybreak/internal/diag"
)

// manyFound is from how many problems on a list is told kind by kind, and summed up.
const manyFound = 20

// mostOfKind is how many problems of one kind are told where there are many: they are
// mended in one way, and the first ones show it.
const mostOfKind = 10

// printKinds writes a long list kind by kind, of each the first few with one hint. The
// gravest and the most frequent stand last: the end of a long list is what stays on
// the screen.
func printKinds(out io.Writer, list diag.List, phrases map[string]string) error {
	for _, kind := range byKind(list) {
		if err := printDiagnostics(out, kind[:min(mostOfKind, len(kind))], false, phrases); err != nil {
			return err
		}
		if more := len(kind) - mostOfKind; more > 0 {
			rest := diag.New(kind[0].Severity, kind[0].Code, diag.Position{}, diag.Say("… and %d more of %s; `daybreak check --full` tells each", more, kind[0].Code), diag.Phrase{})
			if _, err := fmt.Fprintln(out, rest.In(phrases).Message); err != nil {
				return err
			}
		}
	}
	return nil
}

// byKind parts a sorted list by severity and code, each in its order.
func byKind(list diag.List) []diag.List {
	type kind struct {
		severity diag.Severity
		code     string
	}
	at := map[kind]int{}
	var out []diag.List
	for _, d := range list {
		k := kind{d.Severity, d.Code}
		i, ok := at[k]
		if !ok {
			i = len(out)
			at[k], out = i, append(out, nil)
		}
		out[i] = append(out[i], d)
	}
	slices.SortStableFunc(out, func(a, b diag.List) int {
		return cmp.Or(cmp.Compare(a[0].Severity, b[0].Severity), cmp.Compare(len(a), len(b)))
	})
	return out
}
