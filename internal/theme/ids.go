package theme

import (
	"fmt"
	"slices"
	"strings"
	"text/template/parse"
)

// checkIDs fails on a call of T with a literal id that no strings file has.
func (t *Theme) checkIDs(trees []*parse.Tree) error {
	var unknown []string
	for _, tree := range trees {
		if tree == nil {
			continue
		}
		for _, use := range stringIDs(tree) {
			if !t.strings.ids[use.id] {
				location, _ := tree.ErrorContext(use.node)
				unknown = append(unknown, fmt.Sprintf("%s: no string %q", location, use.id))
			}
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	slices.Sort(unknown)
	return fmt.Errorf("unknown strings in templates:\n%s", strings.Join(slices.Compact(unknown), "\n"))
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
