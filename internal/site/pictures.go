package site

import (
	"regexp"
	"strings"

	"daybreak/internal/markdown"
)

// picture is the address of one of the site's own pictures in a text, as
// markdown.Own writes it.
var picture = regexp.MustCompile(regexp.QuoteMeta(markdown.OwnFolder) + `[A-Za-z0-9._/-]+#\d+x\d+`)

// ownPictures takes the addresses of pictures out of a text that the site
// doesn't have: anybody can write such an address into a commit.
func (b *publicBuild) ownPictures(text string) string {
	return picture.ReplaceAllStringFunc(text, func(address string) string {
		name, _, _ := strings.Cut(address, "#")
		if _, ok := b.site.Assets[name]; ok {
			return address
		}
		return ""
	})
}

// withoutStrays drops the pictures that no note of this site shows: what is
// told to one system alone must not lie in everybody's tree.
func (p *PublicSite) withoutStrays() {
	shown := map[string]bool{}
	look := func(text string) {
		for _, address := range picture.FindAllString(text, -1) {
			name, _, _ := strings.Cut(address, "#")
			shown[name] = true
		}
	}
	for _, notes := range p.Notes {
		for i := range notes {
			look(notes[i].Intro)
			look(notes[i].Known)
			for _, s := range notes[i].Sections {
				for _, n := range s.Notes {
					look(n.Body)
					look(n.BreakingNote)
				}
			}
		}
	}
	kept := map[string][]byte{}
	for name, data := range p.Assets {
		if !strings.HasPrefix(name, markdown.OwnFolder) || shown[name] {
			kept[name] = data
		}
	}
	p.Assets = kept
}
