package markdown

import (
	"bytes"
	"fmt"
	"html"
	"regexp"

	"github.com/alecthomas/chroma/v2"
	chromahtml "github.com/alecthomas/chroma/v2/formatters/html"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/alecthomas/chroma/v2/styles"
	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// nodes renders the few nodes that differ from goldmark's own HTML.
type nodes struct{ flatHeadings bool }

// RegisterFuncs is goldmark's renderer.NodeRenderer.
func (n *nodes) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindFencedCodeBlock, n.code)
	reg.Register(ast.KindImage, n.image)
	reg.Register(ast.KindBlockquote, n.quote)
	reg.Register(extast.KindTaskCheckBox, n.box)
	if n.flatHeadings {
		reg.Register(ast.KindHeading, n.heading)
	}
}

// maxHighlighted is how much code is coloured: lexers are regular expressions
// with backtracking, and the code is untrusted.
const maxHighlighted = 16 << 10

func (n *nodes) code(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	block := node.(*ast.FencedCodeBlock)
	var code bytes.Buffer
	for i := range block.Lines().Len() {
		line := block.Lines().At(i)
		code.Write(append(bytes.TrimRight(line.Value(source), " \t\r\n"), '\n'))
	}
	var inner bytes.Buffer
	if lexer := lexers.Get(string(block.Language(source))); lexer != nil && code.Len() <= maxHighlighted {
		if tokens, err := chroma.Coalesce(lexer).Tokenise(nil, code.String()); err == nil {
			formatter := chromahtml.New(chromahtml.WithClasses(true), chromahtml.PreventSurroundingPre(true))
			if err := formatter.Format(&inner, styles.Fallback, tokens); err != nil {
				inner.Reset()
			}
		}
	}
	if inner.Len() == 0 {
		inner.WriteString(html.EscapeString(code.String()))
	}
	// Long lines scroll inside the block; tabindex lets the keyboard scroll too.
	_, err := fmt.Fprintf(w, "<pre tabindex=\"0\"><code>%s</code></pre>\n", inner.Bytes())
	return ast.WalkSkipChildren, err
}

// image writes a link with the picture's words.
func (n *nodes) image(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	img := node.(*ast.Image)
	if own, ok := img.AttributeString(ownPicture); ok {
		return n.own(w, source, img, own.(picture))
	}
	if parent := img.Parent(); parent != nil && parent.Kind() == ast.KindLink {
		return ast.WalkContinue, nil // a linked picture: its words become the link's
	}
	label := imageLabel(img, source)
	_, err := fmt.Fprintf(w, `<a href="%s">%s</a>`, html.EscapeString(string(util.URLEscape(img.Destination, true))), html.EscapeString(label))
	return ast.WalkSkipChildren, err
}

func imageLabel(img *ast.Image, source []byte) string {
	var b bytes.Buffer
	for c := img.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.Write(t.Segment.Value(source))
		}
	}
	if b.Len() == 0 {
		return string(img.Destination)
	}
	return b.String()
}

// box writes a task list's box as a character: a form field would need a label.
func (n *nodes) box(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	sign := "☐ "
	if node.(*extast.TaskCheckBox).IsChecked {
		sign = "☑ "
	}
	_, err := w.WriteString(sign)
	return ast.WalkContinue, err
}

func (n *nodes) heading(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	tag := "<p><strong>"
	if !entering {
		tag = "</strong></p>\n"
	}
	_, err := w.WriteString(tag)
	return ast.WalkContinue, err
}

func autoHeadingIDs() []parser.Option { return []parser.Option{parser.WithAutoHeadingID()} }

var (
	chromaClass = regexp.MustCompile(`^[a-z0-9]{1,4}( [a-z0-9]{1,4})*$`)
	headingID   = regexp.MustCompile(`^[\p{L}\p{N}_-]+$`)
	tabZero     = regexp.MustCompile(`^0$`)
	number      = regexp.MustCompile(`^\d{1,9}$`)
	absolute    = regexp.MustCompile(`(?i)^(https?:|mailto:)`)
	cellAlign   = regexp.MustCompile(`^(center|right)$`)
)

// inlinePolicy lets the marks of one line through.
func inlinePolicy(s settings) *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("em", "strong", "code", "del", "br")
	if s.trusted {
		p.AllowAttrs("href").OnElements("a")
	} else {
		p.AllowAttrs("href").Matching(absolute).OnElements("a")
	}
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(s.trusted)
	p.RequireNoReferrerOnFullyQualifiedLinks(true)
	return p
}

// policy lets through what New's renderer can write. It stands behind the
// renderer as a second wall.
func policy(s settings) *bluemonday.Policy {
	p := inlinePolicy(s)
	p.AllowElements("div", "p", "ul", "ol", "li", "blockquote", "pre", "hr", "table", "thead", "tbody", "tr", "th", "td", "span")
	p.AllowAttrs("start").Matching(number).OnElements("ol")
	p.AllowAttrs("class").Matching(cellAlign).OnElements("th", "td")
	p.AllowAttrs("class").Matching(chromaClass).OnElements("span")
	p.AllowAttrs("tabindex").Matching(tabZero).OnElements("pre")
	p.AllowAttrs("class").Matching(calloutClass).OnElements("div", "p")
	p.AllowAttrs("role").Matching(noteRole).OnElements("div")
	p.AllowAttrs("class").Matching(taskClass).OnElements("li")
	p.AllowAttrs("alt").OnElements("img")
	p.AllowAttrs("src").Matching(ownSource).OnElements("img")
	p.AllowAttrs("width", "height").Matching(number).OnElements("img")
	p.AllowAttrs("loading").Matching(lazy).OnElements("img")
	if !s.trusted {
		// Relative addresses are for our own pictures alone, never for links.
		p.AllowRelativeURLs(true)
	}
	if s.trusted {
		p.AllowElements("h1", "h2", "h3", "h4", "h5", "h6")
		p.AllowAttrs("id").Matching(headingID).OnElements("h1", "h2", "h3", "h4", "h5", "h6")
	}
	return p
}
