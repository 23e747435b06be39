package mail

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	netmail "net/mail"
	"strings"
	"time"

	"github.com/emersion/go-message"
	gomail "github.com/emersion/go-message/mail"

	"daybreak/internal/model"
)

// Address is whom a mail comes from or goes to. The name may be empty.
type Address struct{ Name, Mail string }

// File is an attachment.
type File struct {
	Name   string
	Type   string // media type, without parameters: "text/calendar"
	Method string // of a calendar: "PUBLISH"; "" for none
	Data   []byte
}

// Envelope is what a mail's head says beside its subject, and what comes with
// its text.
//
// Without a Date and a MessageID it is a draft: the program that opens it puts
// both in when it sends (RFC 6409, 8.1 and 8.2), and X-Unsent tells it to open
// the text for editing. So the same facts give the same bytes.
type Envelope struct {
	From    Address // without an address there is no such line, nor a ReplyTo
	ReplyTo Address
	To      []Address
	Date    time.Time
	ID      string // the Message-ID without its angle brackets
	HTML    []byte // the alternative to the text; nil for none
	Files   []File
}

// EML writes a mail as RFC 5322 and MIME want it: the text first, format=flowed
// (RFC 3676), then the same as HTML. All lines are ASCII of at most 78
// characters, but for header fields that can't be folded; none has more than 998.
// The error is about an address that can't stand in a header.
func EML(m model.Mail, e Envelope) ([]byte, error) {
	kind := "alternative"
	if len(e.Files) > 0 {
		kind = "mixed"
	}
	h, err := head(m, e, kind)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if len(e.Files) == 0 {
		err := write(&out, h, func(w *message.Writer) error { return texts(w, m, e.HTML) })
		return out.Bytes(), err
	}
	err = write(&out, h, func(w *message.Writer) error {
		var inner message.Header
		inner.SetContentType("multipart/alternative", map[string]string{"boundary": boundary(m, "alternative")})
		part, err := w.CreatePart(inner)
		if err != nil {
			return err
		}
		if err := texts(part, m, e.HTML); err != nil {
			return err
		}
		if err := part.Close(); err != nil {
			return err
		}
		for _, f := range e.Files {
			if err := attach(w, f); err != nil {
				return err
			}
		}
		return nil
	})
	return out.Bytes(), err
}

// boundary is the same for the same mail. No line of quoted-printable or base64
// can hold "=_" (RFC 2045, 6.7).
func boundary(m model.Mail, part string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{m.Version, m.For, string(m.Outcome), string(m.Lang), part}, "\x00")))
	return fmt.Sprintf("=_%s_%x", part, sum[:8])
}

// head writes the fields that a reader sees. Header fields are kept in reverse
// order by the library.
func head(m model.Mail, e Envelope, kind string) (message.Header, error) {
	h := gomail.Header{}
	var to []*gomail.Address
	for _, a := range e.To {
		one, err := address(a)
		if err != nil {
			return h.Header, err
		}
		to = append(to, one)
	}
	h.SetContentType("multipart/"+kind, map[string]string{"boundary": boundary(m, kind)})
	h.Set("MIME-Version", "1.0")
	h.Set("Content-Language", string(m.Lang))
	if e.Date.IsZero() && e.ID == "" {
		h.Set("X-Unsent", "1")
	}
	h.SetSubject(plain(m.Subject))
	fold(&h, "Subject")
	if len(to) > 0 {
		h.SetAddressList("To", to)
		fold(&h, "To")
	}
	if e.From.Mail != "" {
		for _, field := range []struct {
			name string
			a    Address
		}{{"Reply-To", e.ReplyTo}, {"From", e.From}} {
			if field.a.Mail == "" {
				continue
			}
			a, err := address(field.a)
			if err != nil {
				return h.Header, err
			}
			h.SetAddressList(field.name, []*gomail.Address{a})
			fold(&h, field.name)
		}
	}
	if e.ID != "" {
		h.SetMessageID(plain(e.ID))
	}
	if !e.Date.IsZero() {
		h.SetDate(e.Date)
	}
	return h.Header, nil
}

// wordLine is how long a line of the head with an encoded word may be (RFC 2047, 2).
const wordLine = 76

// fold breaks a field at the blanks between its encoded words. The library breaks
// none where the first word doesn't fit beside the field's name, as that of a long
// word with umlauts never does.
func fold(h *gomail.Header, name string) {
	value := h.Get(name)
	if !strings.Contains(value, "=?") {
		return // the library's own folding does
	}
	field, line := name+":", len(name)+1
	for _, word := range strings.Split(value, " ") {
		if word != "" && line+1+len(word) > wordLine {
			field, line = field+"\r\n", 0
		}
		field += " " + word
		line += 1 + len(word)
	}
	h.Del(name)
	h.AddRaw([]byte(field + "\r\n"))
}

// address refuses what isn't one address: a header field takes whatever stands
// in it for whole lists.
func address(a Address) (*gomail.Address, error) {
	parsed, err := netmail.ParseAddress(a.Mail)
	if err != nil || parsed.Address != a.Mail || parsed.Name != "" || strings.ContainsAny(a.Mail, "\r\n\x00") {
		return nil, fmt.Errorf("%q is no mail address", a.Mail)
	}
	return &gomail.Address{Name: plain(a.Name), Address: a.Mail}, nil
}

func write(out io.Writer, h message.Header, parts func(*message.Writer) error) error {
	w, err := message.CreateWriter(out, h)
	if err != nil {
		return fmt.Errorf("writing the mail's head: %w", err)
	}
	if err := parts(w); err != nil {
		return fmt.Errorf("writing the mail: %w", err)
	}
	return w.Close()
}

// texts writes the alternatives, the plainest first (RFC 2046, 5.1.4).
func texts(w *message.Writer, m model.Mail, html []byte) error {
	var h message.Header
	h.Set("Content-Transfer-Encoding", "quoted-printable")
	h.SetContentType("text/plain", map[string]string{"charset": "utf-8", "format": "flowed"})
	if err := put(w, h, []byte(Flow(m.Body))); err != nil || html == nil {
		return err
	}
	h = message.Header{}
	h.Set("Content-Transfer-Encoding", "quoted-printable")
	h.SetContentType("text/html", map[string]string{"charset": "utf-8"})
	return put(w, h, html)
}

func attach(w *message.Writer, f File) error {
	params := map[string]string{"charset": "utf-8", "name": f.Name}
	if f.Method != "" {
		params["method"] = f.Method
	}
	var h message.Header
	h.Set("Content-Transfer-Encoding", "base64")
	h.SetContentDisposition("attachment", map[string]string{"filename": f.Name})
	h.SetContentType(f.Type, params)
	return put(w, h, f.Data)
}

func put(w *message.Writer, h message.Header, data []byte) error {
	part, err := w.CreatePart(h)
	if err != nil {
		return err
	}
	if _, err := part.Write(data); err != nil {
		return err
	}
	return part.Close()
}
