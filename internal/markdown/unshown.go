package markdown

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// Unshown is a part of a text that is in none of its renderings.
type Unshown struct {
	Source string // as it stands in the text, of several lines the first
	Words  string // all of it, in one line
	Why    Why
}

// Why is the reason for which words are not shown.
type Why string

// The reasons.
const (
	RawHTML    Why = "html"       // a tag that isn't one of HTML's own, or a block of HTML
	LinkTitle  Why = "title"      // words in quotes behind an address
	Definition Why = "definition" // a link's definition that no link asks for
	ExtraCell  Why = "cell"       // a cell of a table beyond its head's
	FenceWords Why = "fence"      // words behind the language of a code block
	TooLong    Why = "length"     // what lies beyond MaxSource
)

// Unshown finds the words of a text that its readers don't get to see, in their order
// as far as they stand in blocks; what its author can't have meant to be read, comments
// and HTML's own tags, is not among them.
func (r *Renderer) Unshown(src string) []Unshown {
	var out []Unshown
	source := []byte(r.clean(src))
	context := parser.NewContext()
	context.Set(pageKey, Page{Pictures: true})
	doc := r.engine.Parser().Parse(text.NewReader(source), parser.WithContext(context))
	add := func(s []byte, why Why) {
		line, _, _ := bytes.Cut(bytes.TrimSpace(s), []byte("\n"))
		out = append(out, Unshown{string(bytes.TrimSpace(line)), Line(string(s)), why})
	}
	asked := map[string]bool{}
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the function never fails
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.HTMLBlock:
			if block := n.Lines().Value(source); n.HTMLBlockType != ast.HTMLBlockType2 && saysSomething(block, true) {
				add(block, RawHTML)
			}
		case *ast.RawHTML:
			if tag := n.Segments.Value(source); saysSomething(tag, false) {
				add(tag, RawHTML)
			}
		case *ast.Link:
			asked[string(n.Destination)] = true
			if len(n.Title) > 0 {
				add(n.Title, LinkTitle)
			}
		case *ast.Image:
			asked[string(n.Destination)] = true
			if len(n.Title) > 0 {
				add(n.Title, LinkTitle)
			}
		case *extast.TableHeader, *extast.TableRow:
			if rest := behindCells(n, source); len(rest) > 0 {
				add(rest, ExtraCell)
			}
		case *ast.FencedCodeBlock:
			if n.Info != nil && len(bytes.Fields(n.Info.Segment.Value(source))) > 1 {
				add(n.Info.Segment.Value(source), FenceWords)
			}
		}
		return ast.WalkContinue, nil
	})
	references := context.References()
	slices.SortFunc(references, func(a, b parser.Reference) int { return bytes.Compare(a.Label(), b.Label()) })
	for _, ref := range references {
		if !asked[string(ref.Destination())] {
			out = append(out, Unshown{"[" + string(ref.Label()) + "]:", Line(fmt.Sprintf("[%s]: %s %s", ref.Label(), ref.Destination(), ref.Title())), Definition})
		}
	}
	if whole := Clean(src); !r.trusted && len(whole) > MaxSource {
		add([]byte(whole[len(cut(whole, MaxSource)):]), TooLong)
	}
	return out
}

// behindCells is what a row has behind its last cell that is shown.
func behindCells(row ast.Node, source []byte) []byte {
	for c := row.LastChild(); c != nil; c = c.PreviousSibling() {
		if c.Lines().Len() == 0 {
			continue // filled up: the row has fewer cells than the head
		}
		rest, _, _ := bytes.Cut(source[c.Lines().At(c.Lines().Len()-1).Stop:], []byte("\n"))
		return bytes.Trim(rest, " \t|")
	}
	return nil
}

var anyTag = regexp.MustCompile(`(?s)<!--.*?-->|</?([A-Za-z][A-Za-z0-9-]*)[^<>]*>`)

// saysSomething reports whether HTML holds what its author wanted to be read: a word
// between brackets that no element is called (<Name>), or, in a block, text.
func saysSomething(html []byte, block bool) bool {
	for _, m := range anyTag.FindAllSubmatch(html, -1) {
		if len(m[1]) > 0 && !elements[string(m[1])] {
			return true
		}
	}
	return block && strings.ContainsFunc(string(anyTag.ReplaceAll(html, nil)), func(r rune) bool { return r > ' ' })
}

// elements are the tags that people format with, as they are written.
var elements = func() map[string]bool {
	m := map[string]bool{}
	for _, e := range strings.Fields(`a abbr b bdi bdo big blockquote br center cite code dd del details dfn div dl dt em
		figcaption figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark nobr ol p picture pre q s samp section small
		source span strike strong sub summary sup table tbody td tfoot th thead tr tt u ul var video wbr`) {
		m[e], m[strings.ToUpper(e)] = true, true
	}
	return m
}()
