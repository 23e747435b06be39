package editorial

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/gif"  // the formats that browsers show
	_ "image/jpeg" // and that tell their size
	_ "image/png"
	"io"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"strings"

	_ "golang.org/x/image/webp"

	"daybreak/internal/diag"
	"daybreak/internal/markdown"
)

// MaxPicture is the largest picture that goes into a site, in bytes.
const MaxPicture = 4 << 20

var (
	prose    = markdown.New()
	absolute = regexp.MustCompile(`^(?:[A-Za-z][A-Za-z0-9+.-]*:|//)`)
	unsafe   = regexp.MustCompile(`[^A-Za-z0-9._/-]`)
)

// illustrate finds the draft's own pictures, those that lie beside it, and
// makes the texts name them by their address in the site. Pictures keeps what
// they are made of.
func (d *Draft) illustrate(workspace fs.FS) diag.List {
	p := pictures{draft: d, workspace: workspace, known: map[string]string{}}
	d.Pictures = map[string][]byte{}
	p.text(&d.Intro, d.head.lines, len(d.front.lines)+len(d.front.gap)+1)
	for _, n := range d.Shown {
		p.text(&n.Body, n.lines, n.Line)
		p.text(&n.Act, n.lines, n.Line)
	}
	for _, s := range d.Sections {
		if s.Known {
			p.text(&d.Known, s.raw(), s.Line)
			break // one text, however many sections it was written in
		}
	}
	return p.list
}

type pictures struct {
	draft     *Draft
	workspace fs.FS
	known     map[string]string // by address as written: the address in the site, "" where it can't be shown
	list      diag.List
}

// text resolves the pictures of one text; from is the number of the first of
// the raw lines in which it stands.
func (p *pictures) text(text *string, lines []string, from int) {
	if !strings.Contains(*text, "![") {
		return
	}
	for _, pic := range prose.Pictures(*text) {
		at := diag.Position{File: p.draft.File, Line: lineOf(pic, lines, from)}
		if pic.Words == "" {
			p.problem(diag.Error, at, "picture-words", diag.Say("the picture %q has no words for who can't see it", short(pic.Address)),
				diag.Say("say between the brackets what it shows: ![The new list of bookings](%s).", pic.Address))
		}
		if strings.HasPrefix(strings.ToLower(pic.Address), "data:") {
			p.problem(diag.Warning, at, "picture-inline", diag.Say("a picture is written out in the text (%q): the page shows its words alone", short(pic.Address)),
				diag.Say("save it as a file beside the draft and name that file."))
			continue
		}
		if absolute.MatchString(pic.Address) {
			p.problem(diag.Warning, at, "picture-elsewhere", diag.Say("the picture %q lies on another server, so the page only links to it", short(pic.Address)),
				diag.Say("put the picture beside the draft and name its file."))
			continue
		}
		own, seen := p.known[pic.Address]
		if !seen {
			own = p.own(pic.Address, at)
			p.known[pic.Address] = own
		}
		if own != "" {
			*text = readdress(*text, pic.Address, own)
		}
	}
}

// own reads a picture beside the draft and gives its address in the site.
func (p *pictures) own(address string, at diag.Position) string {
	name, err := url.PathUnescape(address)
	if err != nil {
		name = address
	}
	folder := path.Dir(p.draft.File)
	file := path.Join(folder, name)
	if !strings.HasPrefix(file, folder+"/") || !fs.ValidPath(file) {
		p.problem(diag.Error, at, "picture-missing", diag.Say("the picture %q lies outside of the draft's folder", short(address)), diag.Say("put it beside the draft."))
		return ""
	}
	data, err := p.read(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		p.problem(diag.Error, at, "picture-missing", diag.Say("there is no picture %q", short(file)), diag.Say("put it beside the draft, or mend its name: upper and lower case count."))
		return ""
	case err != nil:
		p.problem(diag.Error, at, "picture-missing", diag.Say("the picture %q can't be read: %v", short(file), err), diag.Say("look at the file's permissions."))
		return ""
	case len(data) > MaxPicture:
		p.problem(diag.Error, at, "picture-size", diag.Say("the picture %q is larger than %d MB", short(file), MaxPicture>>20), diag.Say("make it smaller: 1,600 pixels of width are enough for any page."))
		return ""
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || size.Width < 1 || size.Height < 1 || size.Width > 99999 || size.Height > 99999 {
		p.problem(diag.Error, at, "picture-format", diag.Say("%q is no PNG, JPEG, GIF or WebP", short(file)), diag.Say("save the picture in one of these formats."))
		return ""
	}
	target := PictureAddress(path.Base(folder) + "/" + strings.TrimPrefix(file, folder+"/"))
	p.draft.Pictures[target] = data
	return markdown.Own(target, size.Width, size.Height)
}

// PictureAddress is where a picture lies in a site; file is its path below Folder.
func PictureAddress(file string) string {
	return markdown.OwnFolder + unsafe.ReplaceAllStringFunc(file, func(s string) string { return fmt.Sprintf("-%x", s) })
}

func (p *pictures) read(file string) ([]byte, error) {
	f, err := p.workspace.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, MaxPicture+1))
}

func (p *pictures) problem(s diag.Severity, at diag.Position, code string, message, hint diag.Phrase) {
	p.list.Add(diag.New(s, code, at,
		message,
		hint))
}

// lineOf finds the line in which a picture stands: with its words before its
// address where it is written so, as one file can be shown twice.
func lineOf(pic markdown.Picture, lines []string, from int) int {
	for _, text := range []string{"![" + pic.Words + "](" + pic.Address, "![" + pic.Words + "](<" + pic.Address, pic.Address} {
		for i, l := range lines {
			if strings.Contains(l, text) {
				return from + i
			}
		}
	}
	return from
}

// readdress gives a picture another address, wherever CommonMark lets one
// stand: inline, inline between angle brackets, and in a reference's definition.
func readdress(text, old, to string) string {
	q := regexp.QuoteMeta(old)
	inline := regexp.MustCompile(`(\]\()[ \t]*(?:<` + q + `>|` + q + `)([ \t)])`)
	text = inline.ReplaceAllString(text, "${1}"+strings.ReplaceAll(to, "$", "$$")+"${2}")
	defined := regexp.MustCompile(`(?m)^( {0,3}\[[^\]]+\]:[ \t]*)(?:<` + q + `>|` + q + `)([ \t]|$)`)
	return defined.ReplaceAllString(text, "${1}"+strings.ReplaceAll(to, "$", "$$")+"${2}")
}
