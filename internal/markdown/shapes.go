package markdown

import (
	"fmt"
	"html"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Page is the page on which a text stands.
type Page struct {
	// Pictures lets the site's own pictures be shown, at their address behind
	// Base; without it they are their words, as all other pictures.
	Pictures bool
	Base     string // to the site's root, relative or absolute, with trailing slash, or ""

	// Words names an alert in the page's language by "note", "tip",
	// "important", "warning" or "caution"; nil for English.
	Words func(alert string) string
}

// Own is the address by which a text names one of the site's own pictures: the
// path inside the site, and the picture's size in pixels as its fragment, so
// that a page can leave room for it before it is there.
func Own(path string, width, height int) string {
	return fmt.Sprintf("%s#%dx%d", path, width, height)
}

// OwnFolder is where the site's own pictures lie.
const OwnFolder = "assets/releases/"

var (
	ownAddress   = regexp.MustCompile(`^(assets/releases/[A-Za-z0-9._/-]+)#([1-9]\d{0,4})x([1-9]\d{0,4})$`)
	ownSource    = regexp.MustCompile(`(?:^|/)assets/releases/[A-Za-z0-9._/-]+$`)
	calloutClass = regexp.MustCompile(`^callout( (note|tip|important|warning|caution)|-title)$`)
	noteRole     = regexp.MustCompile(`^note$`)
	taskClass    = regexp.MustCompile(`^task$`)
	lazy         = regexp.MustCompile(`^lazy$`)
	alertLine    = regexp.MustCompile(`(?i)^\[!(note|tip|important|warning|caution)\]\s*$`)
)

var (
	pageKey    = parser.NewContextKey()
	ownPicture = "own"
	alertKind  = "alert"
	alertWord  = "word"
)

type picture struct{ source, width, height string }

// shapes finds what the parser has no node for: alerts, task lists' points, and
// the site's own pictures.
type shapes struct{}

// Transform is goldmark's parser.ASTTransformer.
func (shapes) Transform(doc *ast.Document, reader text.Reader, pc parser.Context) {
	page, _ := pc.Get(pageKey).(Page)
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the function never fails
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Blockquote:
			alert(n, reader.Source(), page)
		case *extast.TaskCheckBox:
			if point := n.Parent().Parent(); point != nil && point.Kind() == ast.KindListItem {
				point.SetAttributeString("class", []byte("task"))
			}
		case *extast.TableCell:
			// Neither a style nor the obsolete align attribute may stand in a page.
			if n.Alignment == extast.AlignRight || n.Alignment == extast.AlignCenter {
				n.SetAttributeString("class", []byte(n.Alignment.String()))
			}
		case *ast.Image:
			m := ownAddress.FindStringSubmatch(string(n.Destination))
			if m == nil || strings.Contains(m[1], "..") {
				break
			}
			if page.Pictures {
				n.SetAttributeString(ownPicture, picture{page.Base + m[1], m[2], m[3]})
			} else {
				n.Destination = nil
			}
		}
		return ast.WalkContinue, nil
	})
}

// alert takes the first line off a quote that is one.
func alert(q *ast.Blockquote, source []byte, page Page) {
	first, ok := q.FirstChild().(*ast.Paragraph)
	if !ok || first.Lines().Len() == 0 {
		return
	}
	line := first.Lines().At(0)
	m := alertLine.FindSubmatch(line.Value(source))
	if m == nil {
		return
	}
	for c := first.FirstChild(); c != nil; {
		next := c.NextSibling()
		t, isText := c.(*ast.Text)
		first.RemoveChild(first, c)
		if isText && (t.SoftLineBreak() || t.HardLineBreak()) {
			break
		}
		c = next
	}
	if first.FirstChild() == nil {
		q.RemoveChild(q, first)
	}
	kind := strings.ToLower(string(m[1]))
	word := strings.ToUpper(kind[:1]) + kind[1:]
	if page.Words != nil {
		word = page.Words(kind)
	}
	q.SetAttributeString(alertKind, kind)
	q.SetAttributeString(alertWord, word)
}

func (n *nodes) quote(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	kind, isAlert := node.AttributeString(alertKind)
	word, _ := node.AttributeString(alertWord)
	var err error
	switch {
	case isAlert && entering:
		_, err = fmt.Fprintf(w, "<div class=\"callout %s\" role=\"note\">\n<p class=\"callout-title\">%s</p>\n", kind, html.EscapeString(word.(string)))
	case isAlert:
		_, err = w.WriteString("</div>\n")
	case entering:
		_, err = w.WriteString("<blockquote>\n")
	default:
		_, err = w.WriteString("</blockquote>\n")
	}
	return ast.WalkContinue, err
}

// own writes one of the site's own pictures.
func (n *nodes) own(w util.BufWriter, source []byte, img *ast.Image, p picture) (ast.WalkStatus, error) {
	var label strings.Builder
	words(&label, img, source)
	_, err := fmt.Fprintf(w, `<img src="%s" alt="%s" width="%s" height="%s" loading="lazy">`,
		html.EscapeString(p.source), html.EscapeString(strings.TrimSpace(label.String())), p.width, p.height)
	return ast.WalkSkipChildren, err
}

// Picture is a picture in a text.
type Picture struct {
	Address string // as written
	Words   string // its alternative text
}

// Pictures lists the pictures of a text in their order.
func (r *Renderer) Pictures(src string) []Picture {
	source := []byte(r.clean(src))
	var out []Picture
	doc := r.engine.Parser().Parse(text.NewReader(source))
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // the function never fails
		if img, ok := n.(*ast.Image); ok && entering {
			var b strings.Builder
			words(&b, img, source)
			address := string(img.Destination)
			if address == "" { // an own picture's, which shapes has taken away
				return ast.WalkContinue, nil
			}
			out = append(out, Picture{Address: address, Words: strings.TrimSpace(b.String())})
		}
		return ast.WalkContinue, nil
	})
	return out
}
