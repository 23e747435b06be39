package theme

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	htmltemplate "html/template"
	"io/fs"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/lucasb-eyer/go-colorful"
	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/css"
	"github.com/tdewolff/minify/v2/js"
)

// looks is a theme's folder: style sheets, scripts, drawings and palette.json.
type looks struct {
	files   map[string]string // minified, by path
	palette palette
	named   map[string]bool // the custom properties of which a file of the theme or a template speaks
	sheets  sync.Map        // of css, policies and scripts, by what they are made of: the same on every page of a site
}

// palette is palette.json. Every colour becomes a custom property of its name;
// what the page writes in the accent's and the kinds' colours is computed from
// them so that it can be read on "ground" and "surface".
type palette struct {
	Accent string `json:"accent"` // where the brand has none
	Light  scheme `json:"light"`
	Dark   scheme `json:"dark"`
}

type scheme struct {
	Colours map[string]string `json:"colours"`
	Kinds   map[string]string `json:"kinds"`
	Tint    float64           `json:"tint"` // share of a colour in its soft ground, 0 to 1
}

type property struct{ name, value string }

// customProperty is a custom property where something speaks of it.
var customProperty = regexp.MustCompile(`--([a-zA-Z][a-zA-Z0-9-]*)`)

// name notes the custom properties of which a text speaks.
func (l *looks) name(text string) {
	for _, m := range customProperty.FindAllStringSubmatch(text, -1) {
		l.named[m[1]] = true
	}
}

// loadLooks reads a theme's folder, and of its base what it lacks.
func loadLooks(o Options, templates []templateFile) (*looks, error) {
	m := minify.New()
	m.AddFunc("text/css", css.Minify)
	m.AddFunc("text/javascript", js.Minify)
	types := map[string]string{".css": "text/css", ".js": "text/javascript"}
	l := &looks{files: map[string]string{}, named: map[string]bool{}}
	all := Overlay(o.Theme, o.Base)
	err := fs.WalkDir(all, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(all, name)
		if err != nil {
			return err
		}
		if path.Ext(name) == ".css" {
			if data, err = o.sheet(name, data); err != nil {
				return err
			}
		}
		if kind := types[path.Ext(name)]; kind != "" {
			if data, err = m.Bytes(kind, data); err != nil {
				return o.fault(name, minifierPlace(err), "style-or-script", err.Error())
			}
		}
		l.files[name] = strings.TrimSpace(string(data))
		l.name(l.files[name])
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the theme: %w", err)
	}
	for _, f := range templates {
		l.name(f.text)
	}
	text := l.files["palette.json"]
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&l.palette); err != nil {
		return nil, o.fault("palette.json", jsonPlace(text, err), "palette", err.Error())
	}
	if _, err = l.rules(""); err != nil {
		return nil, o.fault("palette.json", colourPlace(text, err), "palette", err.Error())
	}
	return l, nil
}

// rules gives the palette as custom properties, light for screens and paper,
// dark for screens that ask for it; a page whose root has data-scheme="light" or
// "dark" has been told by its reader. Colours of which nothing speaks are left out:
// every page holds them three times.
func (l *looks) rules(accent string) (string, error) {
	if accent == "" {
		accent = l.palette.Accent
	}
	var b strings.Builder
	for _, part := range []struct {
		open, end string
		scheme    scheme
	}{
		{":root{", "}", l.palette.Light},
		{"@media screen and (prefers-color-scheme:dark){:root:not([data-scheme=light]){", "}}", l.palette.Dark},
		{"@media screen{:root[data-scheme=dark]{", "}}", l.palette.Dark},
	} {
		properties, err := part.scheme.colours(accent)
		if err != nil {
			return "", fmt.Errorf("the palette: %w", err)
		}
		properties = slices.DeleteFunc(properties, func(p property) bool { return !l.named[p.name] })
		slices.SortFunc(properties, func(a, b property) int { return strings.Compare(a.name, b.name) })
		b.WriteString(part.open)
		for i, p := range properties {
			if i > 0 {
				b.WriteByte(';')
			}
			b.WriteString("--" + p.name + ":" + p.value)
		}
		b.WriteString(part.end)
	}
	return b.String(), nil
}

// css gives the palette and the style sheets as one.
func (l *looks) css(accent string, names []string) (string, error) {
	key := fmt.Sprintf("%q %q", accent, names)
	if have, ok := l.sheets.Load(key); ok {
		return have.(string), nil
	}
	out, err := l.makeCSS(accent, names)
	if err == nil {
		l.sheets.Store(key, out)
	}
	return out, err
}

func (l *looks) makeCSS(accent string, names []string) (string, error) {
	out, err := l.rules(accent)
	if err != nil {
		return "", err
	}
	for _, name := range names {
		s, err := l.file(name)
		if err != nil {
			return "", err
		}
		out += s
	}
	if strings.Contains(strings.ToLower(out), "</style") {
		return "", fmt.Errorf("style sheets %v hold an end tag of style", names)
	}
	return out, nil
}

// js gives the scripts as one. A name with a slash at its end is a folder: all
// of its files, which therefore must not depend on their order.
func (l *looks) js(names []string) (string, error) {
	var files []string
	for _, name := range names {
		if !strings.HasSuffix(name, "/") {
			files = append(files, name)
			continue
		}
		for _, file := range slices.Sorted(maps.Keys(l.files)) {
			if strings.HasPrefix(file, name) && path.Ext(file) == ".js" {
				files = append(files, file)
			}
		}
	}
	var parts []string
	for _, name := range files {
		s, err := l.file(name)
		if err != nil {
			return "", err
		}
		parts = append(parts, strings.TrimSuffix(s, ";"))
	}
	out := strings.Join(parts, ";\n")
	if strings.Contains(strings.ToLower(out), "</script") {
		return "", fmt.Errorf("scripts %v hold an end tag of script", names)
	}
	return out, nil
}

func (l *looks) file(name string) (string, error) {
	s, ok := l.files[name]
	if !ok {
		return "", fmt.Errorf("the theme has no file %q", name)
	}
	return s, nil
}

// style gives the whole element.
func (l *looks) style(accent string, names ...string) (htmltemplate.HTML, error) {
	s, err := l.css(accent, names)
	return htmltemplate.HTML("<style>" + s + "</style>"), err
}

// script gives a whole element for each script.
func (l *looks) script(names ...string) (htmltemplate.HTML, error) {
	key := fmt.Sprintf("script %q", names)
	if have, ok := l.sheets.Load(key); ok {
		return have.(htmltemplate.HTML), nil
	}
	var out string
	for _, name := range names {
		s, err := l.js([]string{name})
		if err != nil {
			return "", err
		}
		out += "<script>" + s + "</script>"
	}
	l.sheets.Store(key, htmltemplate.HTML(out))
	return htmltemplate.HTML(out), nil
}

// svg gives a drawing of the theme.
func (l *looks) svg(name string) (htmltemplate.HTML, error) {
	s, err := l.file(name)
	return htmltemplate.HTML(s), err
}

// light gives the light scheme's colours by name, as "#rrggbb".
func (l *looks) light(accent string) (map[string]string, error) {
	if accent == "" {
		accent = l.palette.Accent
	}
	properties, err := l.palette.Light.colours(accent)
	if err != nil {
		return nil, err
	}
	colours := map[string]string{}
	for _, p := range properties {
		colours[p.name] = p.value
	}
	return colours, nil
}

// favicon draws the first letter of a name on the accent.
func (l *looks) favicon(accent, name string) (htmltemplate.URL, error) {
	colours, err := l.light(accent)
	if err != nil {
		return "", err
	}
	letter, _ := utf8.DecodeRuneInString(strings.ToUpper(strings.TrimSpace(name)))
	if !unicode.IsLetter(letter) && !unicode.IsDigit(letter) {
		letter = '•'
	}
	svg := fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="%s"/><text x="16" y="23" text-anchor="middle" font-family="Georgia,serif" font-weight="700" font-size="21" fill="%s">%c</text></svg>`,
		colours["accent"], colours["on-accent"], letter)
	return htmltemplate.URL("data:image/svg+xml," + strings.ReplaceAll(url.PathEscape(svg), "'", "%27")), nil
}

// policy gives a Content-Security-Policy (https://www.w3.org/TR/CSP3/) that
// lets exactly the named style sheets and scripts run, as style and script
// write them, and pictures of the site itself; nothing else is requested. It
// comes as a whole attribute, so that its quotes stay as people know them.
func (l *looks) policy(accent string, names ...string) (htmltemplate.HTMLAttr, error) {
	key := fmt.Sprintf("policy %q %q", accent, names)
	if have, ok := l.sheets.Load(key); ok {
		return have.(htmltemplate.HTMLAttr), nil
	}
	out, err := l.makePolicy(accent, names)
	if err == nil {
		l.sheets.Store(key, out)
	}
	return out, err
}

func (l *looks) makePolicy(accent string, names []string) (htmltemplate.HTMLAttr, error) {
	var styles, scripts []string
	for _, n := range names {
		if path.Ext(n) == ".js" {
			scripts = append(scripts, n)
		} else {
			styles = append(styles, n)
		}
	}
	style, err := l.css(accent, styles)
	if err != nil {
		return "", err
	}
	out := "default-src 'none'; style-src " + hash(style)
	for i, name := range scripts {
		script, err := l.js([]string{name})
		if err != nil {
			return "", err
		}
		if i == 0 {
			out += "; script-src"
		}
		out += " " + hash(script)
	}
	return htmltemplate.HTMLAttr(`content="` + out + `; img-src 'self' data:; base-uri 'none'; form-action 'none'"`), nil
}

// reading is policy for a page whose script may fetch files of the page's own
// site, and nothing else.
func (l *looks) reading(accent string, names ...string) (htmltemplate.HTMLAttr, error) {
	policy, err := l.policy(accent, names...)
	return htmltemplate.HTMLAttr(strings.Replace(string(policy), "; img-src", "; connect-src 'self'; img-src", 1)), err
}

// filling is a policy for a page with styles of its own, of which paper's
// running texts are some, that lets exactly the named scripts run.
func (l *looks) filling(names ...string) (htmltemplate.HTMLAttr, error) {
	script, err := l.js(names)
	return htmltemplate.HTMLAttr(`content="default-src 'none'; style-src 'unsafe-inline'; script-src ` + hash(script) + `; img-src data:; base-uri 'none'; form-action 'none'"`), err
}

// loading is policy for a page whose scripts may load further scripts, as the
// search does with its index: what stands in the page's own HTML runs only where
// policy names it.
func (l *looks) loading(accent string, names ...string) (htmltemplate.HTMLAttr, error) {
	policy, err := l.policy(accent, names...)
	return htmltemplate.HTMLAttr(strings.Replace(string(policy), "; img-src", " 'strict-dynamic'; img-src", 1)), err
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// inks are an accent for texts on grounds that only the reader's program knows.
type inks struct{ Light, Dark string }

// ink moves an accent until it can be read on white, and on whatever dark mail
// programs call dark: from black to a dark grey.
func (l *looks) ink(accent string) (inks, error) {
	if accent == "" {
		accent = l.palette.Accent
	}
	c, err := colour(accent)
	if err != nil {
		return inks{}, fmt.Errorf("accent: %w", err)
	}
	white, black, grey := colorful.Color{R: 1, G: 1, B: 1}, colorful.Color{}, colorful.Color{R: 0.17, G: 0.17, B: 0.17}
	return inks{Readable(c, white).Hex(), Readable(c, black, grey).Hex()}, nil
}
