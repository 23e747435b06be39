package theme

import (
	"fmt"
	"maps"
	"slices"
	"text/template/parse"

	"daybreak/internal/diag"
)

// checkIDs fails on a call of T with a literal id that no strings file has.
func (t *Theme) checkIDs(trees []*parse.Tree) error {
	var unknown diag.List
	for _, tree := range trees {
		if tree == nil {
			continue
		}
		for _, use := range stringIDs(tree) {
			if t.strings.ids[use.id] {
				continue
			}
			location, _ := tree.ErrorContext(use.node)
			d := diag.New(diag.Error, "unknown-string", templatePosition(location), diag.Say("no string %q", use.id),
				diag.Say("add it to content/strings/<lang>.yaml, in every language."))
			if near := diag.Closest(use.id, slices.Sorted(maps.Keys(t.strings.ids))); near != "" {
				d.Hint = fmt.Sprintf("did you mean %q?", near)
			}
			unknown.Add(d)
		}
	}
	unknown.Sort()
	return slices.Compact(unknown).Err()
}

type idUse struct {
	id   string
	node parse.Node
}

// stringIDs finds the literal ids in the calls of T of one template.
func stringIDs(tree *parse.Tree) []idUse {
	var uses []idUse
	var walk func(parse.Node)
	pipe := func(p *parse.PipeNode) {
		if p != nil {
			walk(p)
		}
	}
	list := func(l *parse.ListNode) {
		if l != nil {
			walk(l)
		}
	}
	branch := func(b *parse.BranchNode) { pipe(b.Pipe); list(b.List); list(b.ElseList) }
	walk = func(n parse.Node) {
		switch n := n.(type) {
		case *parse.ListNode:
			for _, c := range n.Nodes {
				walk(c)
			}
		case *parse.ActionNode:
			pipe(n.Pipe)
		case *parse.TemplateNode:
			pipe(n.Pipe)
		case *parse.IfNode:
			branch(&n.BranchNode)
		case *parse.RangeNode:
			branch(&n.BranchNode)
		case *parse.WithNode:
			branch(&n.BranchNode)
		case *parse.PipeNode:
			for _, c := range n.Cmds {
				walk(c)
			}
		case *parse.CommandNode:
			if name, ok := n.Args[0].(*parse.IdentifierNode); ok && name.Ident == "T" && len(n.Args) > 1 {
				if id, ok := n.Args[1].(*parse.StringNode); ok {
					uses = append(uses, idUse{id.Text, n})
				}
			}
			for _, c := range n.Args {
				walk(c)
			}
		}
	}
	list(tree.Root)
	return uses
}
