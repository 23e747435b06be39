package message

import (
	"strings"

	"daybreak/internal/model"
)

// Mailmap gives people the names and addresses they want to be known by. The
// zero Mailmap changes nobody.
type Mailmap struct {
	byMail map[string]*mapped // by folded address
}

// mapped is what is known of one address: a name and address for everybody who
// used it, and others for those who used it under a name.
type mapped struct {
	model.Person
	byName map[string]model.Person // by folded name
}

// ParseMailmap reads a .mailmap, the format of gitmailmap(5), as git reads it:
// one mapping a line, "Proper Name <proper@mail> Commit Name <commit@mail>",
// lines that start with "#" and lines without an address passed over. A later
// line wins over an earlier one for the same person. Lines of more than 1023
// bytes are read whole; git reads the pieces.
func ParseMailmap(text string) Mailmap {
	m := Mailmap{byMail: map[string]*mapped{}}
	for line := range strings.SplitSeq(text, "\n") {
		line, _, _ = strings.Cut(line, "\x00")
		if strings.HasPrefix(line, "#") {
			continue
		}
		proper, rest, ok := mapSide(line, false)
		if !ok {
			continue
		}
		if old, _, ok := mapSide(rest, true); ok {
			m.add(proper, old.Name, old.Mail)
		} else {
			m.add(model.Person{Name: proper.Name}, "", proper.Mail)
		}
	}
	return m
}

// mapSide reads "Name <mail>" and gives what stands behind it.
func mapSide(s string, emptyMail bool) (who model.Person, rest string, ok bool) {
	name, rest, ok := strings.Cut(s, "<")
	if !ok {
		return who, "", false
	}
	address, rest, ok := strings.Cut(rest, ">")
	if !ok || address == "" && !emptyMail {
		return who, "", false
	}
	return model.Person{Name: strings.Trim(name, spaces), Mail: address}, rest, true
}

func (m Mailmap) add(proper model.Person, name, address string) {
	key := fold(address)
	e := m.byMail[key]
	if e == nil {
		e = &mapped{}
		m.byMail[key] = e
	}
	if name != "" {
		if e.byName == nil {
			e.byName = map[string]model.Person{}
		}
		e.byName[fold(name)] = proper
		return
	}
	if proper.Name != "" {
		e.Name = proper.Name
	}
	if proper.Mail != "" {
		e.Mail = proper.Mail
	}
}

// Resolve gives the proper name and address of a person, as git check-mailmap
// does. What the mailmap doesn't say stays. Letters of ASCII compare without
// case.
func (m Mailmap) Resolve(p model.Person) model.Person {
	e := m.byMail[fold(p.Mail)]
	if e == nil {
		return p
	}
	proper, ok := e.byName[fold(p.Name)]
	if !ok {
		proper = e.Person
	}
	if proper.Name != "" {
		p.Name = proper.Name
	}
	if proper.Mail != "" {
		p.Mail = proper.Mail
	}
	return p
}

// fold makes ASCII letters lower case, and no others: git compares bytes.
func fold(s string) string {
	for i := range len(s) {
		if s[i] >= 'A' && s[i] <= 'Z' {
			b := []byte(s)
			for ; i < len(b); i++ {
				if b[i] >= 'A' && b[i] <= 'Z' {
					b[i] |= 0x20
				}
			}
			return string(b)
		}
	}
	return s
}
