package markdown

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestHTML(t *testing.T) {
	r := New()
	for _, c := range []struct{ name, in, want string }{
		{"empty", "", ""},
		{"paragraph", "Two *words* and `code`.", "<p>Two <em>words</em> and <code>code</code>.</p>"},
		{"heading loses its rank", "# Big", "<p><strong>Big</strong></p>"},
		{"raw html is left out", "a <b onclick=x>b</b> <script>alert(1)</script>", "<p>a b alert(1)</p>"},
		{"script link", "[x](javascript:alert(1))", "<p>x</p>"},
		{"data link", "[x](data:text/html;base64,AAAA)", "<p>x</p>"},
		{"relative link would dangle", "[x](../team/)", "<p>x</p>"},
		{"web link", "[x](https://a.example/?b=1&c=2)", `<p><a href="https://a.example/?b=1&amp;c=2" rel="noreferrer">x</a></p>`},
		{"picture becomes a link", "![map](https://a.example/m.png)", `<p><a href="https://a.example/m.png" rel="noreferrer">map</a></p>`},
		{"task list", "- [x] done\n- [ ] open", "<ul>\n<li class=\"task\">☑ done</li>\n<li class=\"task\">☐ open</li>\n</ul>"},
		{"bidi override is taken away", "safe\u202egnp.exe", "<p>safegnp.exe</p>"},
		{"alert", "> [!WARNING]\n> Save *first*.", "<div class=\"callout warning\" role=\"note\">\n<p class=\"callout-title\">Warning</p>\n<p>Save <em>first</em>.</p>\n</div>"},
		{"alert without text", "> [!note]", "<div class=\"callout note\" role=\"note\">\n<p class=\"callout-title\">Note</p>\n</div>"},
		{"no alert", "> [!NOTE] and more", "<blockquote>\n<p>[!NOTE] and more</p>\n</blockquote>"},
		{"own picture without a page", "![map](assets/releases/1/m.png#4x3)", "<p>map</p>"},
		{"table", "|a|b|\n|-|-:|\n|1|2|", "<table>\n<thead>\n<tr>\n<th>a</th>\n<th class=\"right\">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td class=\"right\">2</td>\n</tr>\n</tbody>\n</table>"},
		{"ordered list keeps its start", "3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := string(r.HTML(c.in)); got != c.want {
				t.Errorf("HTML(%q)\n got %s\nwant %s", c.in, got, c.want)
			}
		})
	}
}

func TestOnAPage(t *testing.T) {
	page := Page{Pictures: true, Base: "../../", Words: func(s string) string { return map[string]string{"tip": "Tipp"}[s] }}
	for in, want := range map[string]string{
		"![A *map*](assets/releases/1.0/m.png#640x360)": `<p><img src="../../assets/releases/1.0/m.png" alt="A map" width="640" height="360" loading="lazy"></p>`,
		"![x](assets/releases/../../team/m.png#4x3)":    "<p>x</p>",
		"![x](assets/releases/1/m.png)":                 "<p>x</p>",
		"[x](assets/releases/1/m.png#4x3)":              "<p>x</p>",
		"> [!TIP]\n> Ja.":                               "<div class=\"callout tip\" role=\"note\">\n<p class=\"callout-title\">Tipp</p>\n<p>Ja.</p>\n</div>",
	} {
		if got := string(New().On(page, in)); got != want {
			t.Errorf("On(%q)\n got %s\nwant %s", in, got, want)
		}
	}
}

func TestPictures(t *testing.T) {
	got := New().Pictures("![a](x.png) and\n\n- ![](<y z.png>)\n\n`![no](q.png)`\n\n![ref][r]\n\n[r]: z.png")
	want := []Picture{{"x.png", "a"}, {"y z.png", ""}, {"z.png", "ref"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestCodeIsColouredByClassOnly(t *testing.T) {
	got := string(New().HTML("```go\nfunc f() string { return \"<b>\" }\n```"))
	if !strings.Contains(got, `<span class="kd">func</span>`) || !strings.Contains(got, "&lt;b&gt;") {
		t.Errorf("no classes or no escape: %s", got)
	}
	if strings.Contains(got, "style=") {
		t.Errorf("a style attribute breaks the page's policy: %s", got)
	}
}

func TestTrustedKeepsHeadingsAndRelativeLinks(t *testing.T) {
	got := string(New(Trusted()).HTML("## First steps\n\n[on](next.md)"))
	want := "<h2 id=\"first-steps\">First steps</h2>\n<p><a href=\"next.md\">on</a></p>"
	if got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestInline(t *testing.T) {
	r := New()
	for in, want := range map[string]string{
		"":                        "",
		"# not a heading":         "# not a heading",
		"1. not a list":           "1. not a list",
		"two\nlines with `code`":  "two lines with <code>code</code>",
		"<img src=x onerror=a> &": "&amp;",
		"{{.Secret}} & <i>x</i>":  "{{.Secret}} &amp; x",
	} {
		if got := string(r.Inline(in)); got != want {
			t.Errorf("Inline(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestPlain(t *testing.T) {
	got := New().Plain("# Head\n\nSome *text* with [a link](https://x.example) &amp; `code`.\n\n- one\n- two\n\n<b>raw</b>")
	want := "Head\n\nSome text with a link & code.\n\n- one\n- two\n\nraw"
	if got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// FuzzHTML holds that no text makes anything that runs or loads.
func FuzzHTML(f *testing.F) {
	for _, s := range []string{"", "a", "<svg/onload=a>", "[a](jAvAsCrIpT:b)", "[a]: data:x\n\n[a]", "![a](b)", "![a](assets/releases/x#1x1)", "> [!NOTE]\n> [!TIP]", "- [ ] > [!NOTE]", "> > > - 1. a", "|a|b|\n|-|-|\n|`|`|", "```html\n<script>\n```", "&lt;script&gt;", "<!--", "<a href='javascript:x'>", "\x00\xff\u202e"} {
		f.Add(s)
	}
	r := New()
	allowed := map[string]bool{}
	for _, e := range strings.Fields("div img p ul ol li blockquote pre code hr table thead tbody tr th td span em strong del br a html head body") {
		allowed[e] = true
	}
	f.Fuzz(func(t *testing.T, src string) {
		doc, err := html.Parse(strings.NewReader(string(r.On(Page{Pictures: true, Base: "../"}, src)) + string(r.Inline(src))))
		if err != nil {
			t.Fatal(err)
		}
		r.Plain(src)
		for n := range doc.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			if !allowed[n.Data] {
				t.Errorf("%q makes <%s>", src, n.Data)
			}
			for _, a := range n.Attr {
				switch a.Key {
				case "href":
					if s := strings.ToLower(a.Val); !strings.HasPrefix(s, "http:") && !strings.HasPrefix(s, "https:") && !strings.HasPrefix(s, "mailto:") {
						t.Errorf("%q links to %q", src, a.Val)
					}
				case "src":
					if !strings.HasPrefix(a.Val, "../assets/releases/") || strings.Contains(a.Val, "/../") {
						t.Errorf("%q shows %q", src, a.Val)
					}
				case "alt", "width", "height", "loading", "role":
				case "rel", "class", "tabindex", "start":
				default:
					t.Errorf("%q makes the attribute %s", src, a.Key)
				}
			}
		}
	})
}

func TestHugeAndDeepText(t *testing.T) {
	r := New()
	for name, src := range map[string]string{
		"5 MB of words":  strings.Repeat("word ", 1<<20),
		"deep quotes":    strings.Repeat(">", 5<<20),
		"deep lists":     strings.Repeat("- ", 2<<20),
		"brackets":       strings.Repeat("[", 5<<20),
		"bracket pairs":  strings.Repeat("[a](", 1<<20),
		"stars":          strings.Repeat("*a ", 1<<20),
		"one long word":  strings.Repeat("x", 5<<20),
		"many backticks": strings.Repeat("` ", 1<<20),
	} {
		t.Run(name, func(t *testing.T) {
			if got := r.HTML(src); len(got) > 4*MaxSource {
				t.Errorf("%d bytes of HTML", len(got))
			}
		})
	}
}
