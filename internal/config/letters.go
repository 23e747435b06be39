package config

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"daybreak/internal/model"

	"daybreak/internal/diag"
)

// Letters says who writes the customers' mails and how they are sent.
type Letters struct {
	From    string `yaml:"from,omitempty" json:"from,omitempty" doc:"Address that mails come from; default: product.contact.mail." pattern:"^[^@\\s<>]+@[^@\\s<>]+$" form:"a mail address like support@example.com"`
	Name    string `yaml:"name,omitempty" json:"name,omitempty" doc:"Name beside that address; default: product.contact.name."`
	ReplyTo string `yaml:"reply_to,omitempty" json:"reply_to,omitempty" doc:"Address that answers go to; default: the one that mails come from." pattern:"^[^@\\s<>]+@[^@\\s<>]+$" form:"a mail address like support@example.com"`
	SMTP    *SMTP  `yaml:"smtp,omitempty" json:"smtp,omitempty" doc:"Server that daybreak mail --send hands mails to."`
}

// SMTP is the server that mails are handed to. Its password stands in the
// environment or in a file outside of the workspace, never here.
type SMTP struct {
	Host         string `yaml:"host" json:"host" doc:"Name of the server." pattern:"^[^\\s/@:]+$" form:"the name of a host, without a port"`
	Port         int    `yaml:"port,omitempty" json:"port,omitempty" min:"1" max:"65535" doc:"Port; default 587, or 465 with security tls, 25 with none."`
	Security     string `yaml:"security,omitempty" json:"security,omitempty" enum:"starttls,tls,none" doc:"starttls (default) encrypts once connected and goes no further without, tls encrypts from the first byte, none is for a server on the same machine."`
	User         string `yaml:"user,omitempty" json:"user,omitempty" doc:"Name to sign in with; the password is taken from DAYBREAK_SMTP_PASSWORD or from password_file."`
	PasswordFile string `yaml:"password_file,omitempty" json:"password_file,omitempty" doc:"File that holds nothing but the password, readable by its owner alone; relative to this file."`
	Pause        int    `yaml:"pause,omitempty" json:"pause,omitempty" min:"0" max:"600" doc:"Seconds between two mails; default 2."`
	Retry        int    `yaml:"retry,omitempty" json:"retry,omitempty" min:"0" max:"3600" doc:"Seconds until a mail is tried again that the server put off; default 60. It is tried three times."`
	Timeout      int    `yaml:"timeout,omitempty" json:"timeout,omitempty" min:"1" max:"3600" doc:"Seconds that the server may take for an answer; default 60."`
}

// defaultSMTP is what holds of a server where a key is left out; 0 is a value.
func defaultSMTP() SMTP {
	return SMTP{Security: "starttls", Pause: 2, Retry: 60, Timeout: 60}
}

// Recipient is a person or desk of a customer who gets its mails.
type Recipient struct {
	Name string     `yaml:"name,omitempty" json:"name,omitempty" doc:"Name, as it stands in the mail's head."`
	Mail string     `yaml:"mail" json:"mail" doc:"Mail address." pattern:"^[^@\\s<>]+@[^@\\s<>]+$" form:"a mail address like office@example.com"`
	Lang model.Lang `yaml:"lang,omitempty" json:"lang,omitempty" doc:"Language that they read; default: the system's first."`
}

// Addressees are those who get a system's mails: the one under mail first.
func (s *System) Addressees() []Recipient {
	var out []Recipient
	if s.Mail != "" {
		out = append(out, Recipient{Mail: s.Mail})
	}
	return append(out, s.Recipients...)
}

// letters checks who writes and by which server.
func (d *decoder) letters(c *Config) {
	d.mailbox("mail.from", c.Mail.From)
	d.mailbox("mail.reply_to", c.Mail.ReplyTo)
	s := c.Mail.SMTP
	if s == nil {
		return
	}
	if s.Security == "none" && s.User != "" {
		d.bad("mail.smtp.security", "bad-value", diag.Say("a password would be sent in the open"), diag.Say("Write security: starttls or tls, or sign in without a user."))
	}
	for i := range c.Systems {
		if sys := &c.Systems[i]; !sys.Test && sys.ID != "" && len(sys.Addressees()) == 0 {
			d.warn(fmt.Sprintf("systems[%d]", i), "no-recipient", diag.Say("nobody is named to whom the mails of system %q go", sys.ID), diag.Say("Write mail: or recipients: there, or its customer hears nothing."))
		}
	}
	if s.PasswordFile != "" && s.User == "" {
		d.bad("mail.smtp.password_file", "missing-key", diag.Say("there is a password, but no user"), diag.Say("Write mail.smtp.user."))
	}
}

// recipients checks those of the i-th system.
func (d *decoder) recipients(c *Config, i int) {
	s := &c.Systems[i]
	at := fmt.Sprintf("systems[%d]", i)
	d.mailbox(at+".mail", s.Mail)
	languages := s.Languages
	if len(languages) == 0 {
		languages = c.Languages
	}
	seen := map[string]bool{}
	for j, r := range s.Addressees() {
		key := at + ".mail"
		if j -= len(s.Addressees()) - len(s.Recipients); j >= 0 {
			key = fmt.Sprintf("%s.recipients[%d].mail", at, j)
			d.mailbox(key, r.Mail)
		}
		if low := strings.ToLower(r.Mail); low != "" && seen[low] {
			d.bad(key, "duplicate-value", diag.Say("%q gets the mails of system %q already", r.Mail, s.ID), diag.Say("Delete one of them."))
		} else {
			seen[low] = true
		}
		if r.Lang != "" && len(languages) > 0 && slices.Contains(shipped, r.Lang) && !slices.Contains(languages, r.Lang) {
			d.bad(fmt.Sprintf("%s.recipients[%d].lang", at, j), "unknown-language", diag.Say("system %q has no mails in %q", s.ID, r.Lang), diag.Say("Add %s to its languages.", r.Lang))
		}
	}
	if s.Test && len(s.Recipients) > 0 {
		d.warn(at+".recipients", "unused", diag.Say("test system %q gets no mails", s.ID), diag.Say("Delete its recipients."))
	}
}

// mailbox checks an address that mails go to or come from. Servers of today
// take other letters than those of ASCII only from some, and a mail that is
// refused in the morning is too late to find out.
func (d *decoder) mailbox(key, s string) {
	before := len(d.list)
	d.mail(key, s)
	if len(d.list) > before {
		return
	}
	for _, r := range s {
		if r >= utf8.RuneSelf {
			d.bad(key, "bad-address", diag.Say("the mail address %q holds %q, which many servers refuse", s, r), diag.Say("Write the domain as the name server knows it (xn--…), or give another address."))
			return
		}
	}
}
