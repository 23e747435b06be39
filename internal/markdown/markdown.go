// Package markdown turns text that people wrote into HTML that cannot hurt a
// page. The text may come out of any commit message, so it is untrusted: raw
// HTML is shown as nothing, links lead to http, https and mail addresses only,
// pictures become links (a page requests nothing from outside; see Page for the
// site's own), and headings lose their rank, because they would break the
// outline of the page around them.
//
// The dialect is CommonMark (https://spec.commonmark.org/0.31.2/) with GitHub's
// tables, strikethrough, autolinks and task lists (https://github.github.com/gfm/),
// and its alerts: a quote that opens with [!NOTE], [!TIP], [!IMPORTANT],
// [!WARNING] or [!CAUTION] on a line of its own.
package markdown

import (
	"bytes"
	"html/template"
	"regexp"
	"strings"
	"unicode/utf8"

	"daybreak/internal/diag"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// MaxSource is how many bytes of one untrusted text are rendered; what comes
// after is cut at a character's boundary. A commit message may be as long as its
// author likes, and "[a](" repeated costs every CommonMark parser quadratic time.
const MaxSource = 32 << 10

// maxNesting is how deep quotes and lists may nest before a line is taken as
// plain text.
const maxNesting = 24

// Renderer renders markdown. It is safe for use by several goroutines.
type Renderer struct {
	engine  goldmark.Markdown
	policy  *bluemonday.Policy
	inline  *bluemonday.Policy
	trusted bool
}

// Option changes a Renderer.
type Option func(*settings)

type settings struct{ trusted bool }

// Trusted is for texts that ship with daybreak or lie in a workspace's own
// pages: headings keep their rank and get ids, and relative links stay.
func Trusted() Option {
	return func(s *settings) { s.trusted = true }
}

// New makes a Renderer for untrusted text, or one as the options say.
func New(options ...Option) *Renderer {
	var s settings
	for _, o := range options {
		o(&s)
	}
	engine := goldmark.New(
		goldmark.WithExtensions(extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone)), extension.Strikethrough, extension.Linkify, extension.TaskList),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(
			util.Prioritized(&nodes{flatHeadings: !s.trusted}, 100),
		)),
	)
	engine.Parser().AddOptions(parser.WithASTTransformers(util.Prioritized(shapes{}, 500)))
	if s.trusted {
		engine.Parser().AddOptions(autoHeadingIDs()...)
	}
	return &Renderer{engine: engine, policy: policy(s), inline: inlinePolicy(s), trusted: s.trusted}
}

// HTML renders a text of several blocks. An empty text gives "".
func (r *Renderer) HTML(src string) template.HTML { return r.On(Page{}, src) }

// On renders like HTML, for a text that stands on a page of a site.
func (r *Renderer) On(page Page, src string) template.HTML {
	var b bytes.Buffer
	context := parser.NewContext()
	context.Set(pageKey, page)
	// Convert fails only where its writer does, and a buffer never does.
	if err := r.engine.Convert([]byte(r.clean(src)), &b, parser.WithContext(context)); err != nil {
		return template.HTML(template.HTMLEscapeString(src))
	}
	return template.HTML(strings.TrimSpace(string(r.policy.SanitizeBytes(b.Bytes()))))
}

// Inline renders one line: emphasis, code and links, no blocks. Line breaks
// become spaces.
func (r *Renderer) Inline(src string) template.HTML {
	line := strings.Join(strings.Fields(r.clean(src)), " ")
	if line == "" {
		return ""
	}
	var b bytes.Buffer
	// A word joiner in front keeps "1. " or "# " at the start from making a
	// block of the line; it is taken away again.
	const joiner = "\u2060"
	if err := r.engine.Convert([]byte(joiner+line), &b); err != nil {
		return template.HTML(template.HTMLEscapeString(line))
	}
	out := string(r.inline.SanitizeBytes(b.Bytes()))
	return template.HTML(strings.TrimSpace(strings.Replace(out, joiner, "", 1)))
}

// Plain gives the text alone: paragraphs parted by an empty line, points of
// lists with "- " in front, links as their words.
func (r *Renderer) Plain(src string) string {
	source := []byte(r.clean(src))
	doc := r.engine.Parser().Parse(text.NewReader(source))
	var w plainWriter
	w.blocks(doc, source, "")
	return strings.TrimSpace(w.b.String())
}

// clean is Clean, and for untrusted text the limits that keep a parser's stack
// and time in bounds.
func (r *Renderer) clean(src string) string {
	if r.trusted {
		return Clean(src)
	}
	return flatten(Clean(cut(src, MaxSource)))
}

// cut shortens s to at most limit bytes at a character's boundary.
func cut(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n")

// Clean makes untrusted text fit for a document: valid UTF-8, line feeds as the
// only line ends, no control characters and no explicit direction characters
// (with which text can be made to read as something else).
func Clean(src string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < 0x20, r >= 0x7f && r < 0xa0, diag.IsBidiControl(r), r == 0xfeff, r == 0xfffe, r == 0xffff:
			return -1
		}
		return r
	}, strings.ToValidUTF8(lineEnds.Replace(src), "\uFFFD"))
}

var deep = regexp.MustCompile(`(?m)^[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]*){24,}`)

// flatten cuts the markers of lines that nest deeper than maxNesting, and runs
// of brackets and stars, on which parsers spend quadratic time.
func flatten(src string) string {
	src = deep.ReplaceAllStringFunc(src, func(s string) string { return s[:min(len(s), 2*maxNesting)] })
	return runs.ReplaceAllStringFunc(src, func(s string) string { return s[:60] })
}

var runs = regexp.MustCompile("[\\[\\]!<*_~`(]{61,}")

// Line makes untrusted text fit for one line: as Clean, with every run of white
// space as one space.
func Line(src string) string { return strings.Join(strings.Fields(Clean(src)), " ") }

// plainWriter collects the words of a document.
type plainWriter struct{ b strings.Builder }

func (w *plainWriter) blocks(n ast.Node, source []byte, indent string) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.List:
			for point := c.FirstChild(); point != nil; point = point.NextSibling() {
				var inner plainWriter
				inner.blocks(point, source, "")
				body := strings.TrimSpace(inner.b.String())
				w.b.WriteString(indent + "- " + strings.ReplaceAll(body, "\n", "\n  ") + "\n")
			}
			w.end()
		case *ast.CodeBlock, *ast.FencedCodeBlock:
			lines := c.Lines()
			for i := range lines.Len() {
				seg := lines.At(i)
				w.b.WriteString(indent + strings.TrimRight(string(seg.Value(source)), "\n") + "\n")
			}
			w.end()
		case *ast.HTMLBlock, *ast.ThematicBreak:
		default:
			if c.Type() == ast.TypeBlock && c.FirstChild() != nil && c.FirstChild().Type() == ast.TypeBlock {
				w.blocks(c, source, indent)
				continue
			}
			var line strings.Builder
			words(&line, c, source)
			if s := strings.TrimSpace(line.String()); s != "" {
				w.b.WriteString(indent + s + "\n")
				if c.Kind() == ast.KindParagraph || c.Kind() == ast.KindHeading {
					w.end()
				}
			}
		}
	}
}

func (w *plainWriter) end() { w.b.WriteString("\n") }

// words writes the text of a node's inline children.
func words(b *strings.Builder, n ast.Node, source []byte) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			b.Write(util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences(c.Segment.Value(source)))))
			if c.SoftLineBreak() || c.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(c.Value)
		case *ast.AutoLink:
			b.Write(c.Label(source))
		case *ast.CodeSpan:
			for t := c.FirstChild(); t != nil; t = t.NextSibling() {
				if t, ok := t.(*ast.Text); ok {
					b.Write(t.Segment.Value(source))
				}
			}
		case *ast.RawHTML:
		default:
			words(b, c, source)
			if c.Type() == ast.TypeBlock {
				b.WriteByte(' ')
			}
		}
	}
}
