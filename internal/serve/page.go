package serve

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html"
	"html/template"
	"path"
	"regexp"
	"strings"
)

//go:embed live.js
var live string

// liveHash lets the script run under a page's Content-Security-Policy.
var liveHash = func() string {
	sum := sha256.Sum256([]byte(live))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}()

var policyMeta = regexp.MustCompile(`(?i)(<meta http-equiv="?Content-Security-Policy"? content=")([^"]*)(")`)

// enliven puts the script that reloads a page at its end, in the bytes that are
// served alone: what a build writes has no such script. Where the page has a
// Content-Security-Policy, exactly this script is let in, by its hash, and may
// talk to this server.
func enliven(data []byte, edition, tag, note string) []byte {
	if at := policyMeta.FindSubmatchIndex(data); at != nil {
		policy := relax(html.UnescapeString(string(data[at[4]:at[5]])))
		data = bytes.Join([][]byte{data[:at[4]], []byte(strings.NewReplacer("&", "&amp;", `"`, "&#34;").Replace(policy)), data[at[5]:]}, nil)
	}
	script := fmt.Appendf(nil, `<script data-edition="%s" data-tag="%s" data-note="%s">%s</script>`,
		html.EscapeString(edition), html.EscapeString(tag), html.EscapeString(note), live)
	at := bytes.LastIndex(data, []byte("</body>"))
	if at < 0 {
		at = len(data)
	}
	return bytes.Join([][]byte{data[:at], script, data[at:]}, nil)
}

// relax adds to a policy what the script needs.
func relax(policy string) string {
	needs := map[string]string{"script-src": liveHash, "connect-src": "'self'"}
	var out []string
	for directive := range strings.SplitSeq(policy, ";") {
		words := strings.Fields(directive)
		if len(words) == 0 {
			continue
		}
		if more, ok := needs[strings.ToLower(words[0])]; ok {
			delete(needs, strings.ToLower(words[0]))
			if len(words) == 2 && words[1] == "'none'" {
				words = words[:1]
			}
			words = append(words, more)
		}
		out = append(out, strings.Join(words, " "))
	}
	for _, name := range []string{"script-src", "connect-src"} {
		if more, ok := needs[name]; ok {
			out = append(out, name+" "+more)
		}
	}
	return strings.Join(out, "; ")
}

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// ownPage is a page that belongs to no tree.
type ownPage struct {
	Title string
	Lead  string
	Back  bool // leads to the start page
	Trees []Tree
	Files []Tree
}

func (p ownPage) bytes() []byte {
	var out bytes.Buffer
	if err := pageTemplate.Execute(&out, p); err != nil {
		panic(err) // the template is ours, and so are its fields
	}
	return out.Bytes()
}

// startPage links the trees; before the first edition there are none.
func startPage(e *Edition) []byte {
	if e == nil {
		return ownPage{Title: "Nothing to show yet", Lead: "The pages appear here as soon as they can be made."}.bytes()
	}
	return ownPage{Title: e.Title, Lead: "A preview, made anew with every change. Nothing on the disk is written.", Trees: e.Trees}.bytes()
}

// listPage lists a folder that has no page of its own.
func listPage(folder string, files []string) []byte {
	p := ownPage{Title: folder, Back: true}
	seen := map[string]bool{}
	for _, f := range files {
		name, _, below := strings.Cut(strings.TrimPrefix(f, folder), "/")
		if below {
			name += "/"
		}
		if !seen[name] {
			seen[name] = true
			p.Files = append(p.Files, Tree{Path: folder + name, Name: name})
		}
	}
	return p.bytes()
}

func missingPage(asked string) []byte {
	return ownPage{Title: "There is no such page", Lead: "Nothing lies at " + path.Join("/", asked) + ".", Back: true}.bytes()
}

func brokenPage(name string) []byte {
	return ownPage{Title: "This page can't be made", Lead: name + " appears here once its problems are mended.", Back: true}.bytes()
}
