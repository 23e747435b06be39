// Package config reads daybreak.yaml, the one configuration file of a
// workspace. Reading is strict: an unknown key, a wrong type or an impossible
// value is a diagnostic with line and column, and all of them come at once.
//
// The types here are the specification of the file. Their struct tags are read
// twice, by Parse and by Schema, so that an editor and daybreak say the same:
//
//   - yaml: the key; without omitempty it must be there and hold something
//   - doc: what it means, for editors
//   - enum: the values that are allowed, for a text, a list's elements or a
//     map's values
//   - pattern, form: a regular expression for the same, and how people call it
//   - keys: a regular expression for a map's keys
//   - min, max: the bounds of a number
//
// What one key alone can't show (references, doubles, times that don't fit each
// other, globs, regular expressions, time zones) only Parse checks.
//
// # What holds where a key is left out
//
// Parse fills in: languages [en]; timezone UTC; history.language en;
// notes.unclassified withhold; notes.titles tell; a person's initials from the
// name; and, where there is a train, start 06:30, opening 09:00, rollback 30,
// buffer 15 and database 20 minutes, move next; and, where there is a mail.smtp,
// security starttls and its seconds; and for a delivery, site public, keep 5 and
// region us-east-1. A key without a value is a key left out;
// 0 is a value. All else stays empty, and the field says what that means.
package config

import (
	"fmt"
	"strings"

	"daybreak/internal/diag"
	"daybreak/internal/model"
)

// Config is the whole of daybreak.yaml. Every part may be left out; Default
// says what holds then.
type Config struct {
	Product       Product      `yaml:"product,omitempty" json:"product,omitempty" doc:"What is released, as customers know it."`
	Languages     []model.Lang `yaml:"languages,omitempty" json:"languages,omitempty" doc:"Languages of all documents; the first is the primary one. Default: en."`
	Messages      string       `yaml:"messages,omitempty" json:"messages,omitempty" doc:"Language in which daybreak talks to the team on the command line: en, de, or one that content/diagnostics.<lang>.yaml has; default en. DAYBREAK_LANG in the environment sets it for one person." pattern:"^[a-z]{2,3}(-[A-Za-z0-9]+)*$" form:"a language like de"`
	Timezone      string       `yaml:"timezone,omitempty" json:"timezone,omitempty" doc:"IANA time zone in which all dates and clock times are meant, for example Europe/Berlin. Default: UTC."`
	Theme         string       `yaml:"theme,omitempty" json:"theme,omitempty" doc:"Look of all pages: default, plain, or a folder of your own under themes/. Default: default." pattern:"^[\\p{L}\\p{N}][\\p{L}\\p{N}_-]{0,39}$" form:"the name of a folder under themes/"`
	Repositories  []Repository `yaml:"repositories,omitempty" json:"repositories,omitempty" doc:"Git repositories whose tags mark the releases."`
	History       History      `yaml:"history,omitempty" json:"history,omitempty" doc:"How commit messages are read."`
	Notes         Notes        `yaml:"notes,omitempty" json:"notes,omitempty" doc:"What customers are told."`
	Areas         []Area       `yaml:"areas,omitempty" json:"areas,omitempty" doc:"Parts of the product that customers know."`
	Migrations    []string     `yaml:"migrations,omitempty" json:"migrations,omitempty" doc:"Path globs of database migrations: a change of one makes a special note in the runbook."`
	Configuration []string     `yaml:"configuration,omitempty" json:"configuration,omitempty" doc:"Path globs of configuration that a rollout must look at."`
	Systems       []System     `yaml:"systems,omitempty" json:"systems,omitempty" doc:"Installations that get the release."`
	People        []Person     `yaml:"people,omitempty" json:"people,omitempty" doc:"Who takes part in the day."`
	Roles         []Role       `yaml:"roles,omitempty" json:"roles,omitempty" doc:"Who does what on the day."`
	Guard         Guard        `yaml:"guard,omitempty" json:"guard,omitempty" doc:"What must not leave the house, beside what daybreak knows by itself."`
	Glossary      []Term       `yaml:"glossary,omitempty" json:"glossary,omitempty" doc:"Words of the product and how they are written."`
	Mail          Letters      `yaml:"mail,omitempty" json:"mail,omitempty" doc:"Who writes the customers' mails, and how they are sent."`
	Train         *Train       `yaml:"train,omitempty" json:"train,omitempty" doc:"The recurring schedule of releases."`
	Publish       Publish      `yaml:"publish,omitempty" json:"publish,omitempty" doc:"When customers see a release."`
	Deliver       []Delivery   `yaml:"deliver,omitempty" json:"deliver,omitempty" doc:"Where the finished sites go: daybreak publish and daybreak deliver bring them there. The team's pages never go anywhere."`

	// Dir is the workspace's folder and File the file's path, as diagnostics
	// name it; both empty for Default.
	Dir  string `yaml:"-" json:"-"`
	File string `yaml:"-" json:"-"`

	// Places says where each value stands, by its key: "systems[2].id". Empty
	// for Default. See At.
	Places map[string]diag.Position `yaml:"-" json:"-"`
}

// At gives the place of a key for a diagnostic: that of its value, else of the
// nearest key around it, else the file.
func (c *Config) At(key string) diag.Position {
	for k := key; k != ""; k = k[:max(0, strings.LastIndexAny(k, ".["))] {
		if p, ok := c.Places[k]; ok {
			p.Part = fmt.Sprintf("key %q", key)
			return p
		}
	}
	return diag.Position{File: c.File, Part: fmt.Sprintf("key %q", key)}
}

// Primary is the first language.
func (c *Config) Primary() model.Lang { return c.Languages[0] }

// Product is what is released.
type Product struct {
	Name    string     `yaml:"name,omitempty" json:"name,omitempty" doc:"The product's name."`
	Tagline model.Text `yaml:"tagline,omitempty" json:"tagline,omitempty" doc:"One line under the name: one text, or one per language."`
	URL     string     `yaml:"url,omitempty" json:"url,omitempty" doc:"Absolute address at which the public site will be found; feeds and mails need it." pattern:"^https?://[^\\s?#]+$" form:"an absolute address without query, like https://notes.example.com/"` // Parse ends it with a slash
	Home    string     `yaml:"home,omitempty" json:"home,omitempty" doc:"Address of the product's own site." pattern:"^https?://\\S+$" form:"an absolute address like https://www.example.com/"`
	Logo    string     `yaml:"logo,omitempty" json:"logo,omitempty" doc:"Path of a picture in the workspace (svg, png, webp)." pattern:"\\.([sS][vV][gG]|[pP][nN][gG]|[wW][eE][bB][pP])$" form:"the path of an svg, png or webp file"`
	Accent  string     `yaml:"accent,omitempty" json:"accent,omitempty" doc:"Brand colour as #rrggbb, in quotes; the theme moves it towards dark or light where text would be hard to read." pattern:"^#[0-9a-fA-F]{6}$" form:"a colour like \"#1f6feb\""`
	Contact Contact    `yaml:"contact,omitempty" json:"contact,omitempty" doc:"Whom customers ask."`
}

// Contact is whom customers ask.
type Contact struct {
	Name  string     `yaml:"name,omitempty" json:"name,omitempty" doc:"Name of the desk."`
	Mail  string     `yaml:"mail,omitempty" json:"mail,omitempty" doc:"Mail address." pattern:"^[^@\\s<>]+@[^@\\s<>]+$" form:"a mail address like support@example.com"`
	Phone string     `yaml:"phone,omitempty" json:"phone,omitempty" doc:"Telephone number, in quotes."`
	Hours model.Text `yaml:"hours,omitempty" json:"hours,omitempty" doc:"When somebody answers: one text, or one per language."`
}

// Repository is one git repository.
type Repository struct {
	Path      string      `yaml:"path" json:"path" doc:"Folder of the repository, relative to this file."`
	Name      string      `yaml:"name,omitempty" json:"name,omitempty" doc:"Short name, needed where there are several." pattern:"^[\\p{L}\\p{N}][\\p{L}\\p{N}_.-]*$" form:"a short name of letters, digits, dots, - and _"`
	Tags      []string    `yaml:"tags,omitempty" json:"tags,omitempty" doc:"Globs of release tags, for example v*; default: every tag that is a version."`
	Paths     []string    `yaml:"paths,omitempty" json:"paths,omitempty" doc:"Path globs: only changes that touch one of them count (monorepo)."`
	Main      string      `yaml:"main,omitempty" json:"main,omitempty" doc:"The main line's branch; default: what HEAD or origin/HEAD names."`
	Forge     string      `yaml:"forge,omitempty" json:"forge,omitempty" enum:"github,gitlab,gitea,bitbucket,azure,gerrit,phabricator" doc:"Where requests are made."`
	Fragments []Fragments `yaml:"fragments,omitempty" json:"fragments,omitempty" doc:"Where hand-written note files lie; default: .daybreak/notes and what the repository's own settings of changie, towncrier, reno and scriv say."`
	URL       string      `yaml:"url,omitempty" json:"url,omitempty" doc:"Web address of the repository; only the team's pages link to it." pattern:"^https?://\\S+$" form:"an absolute address like https://git.example.com/team/product"`
}

// Fragments is one place of note files in a repository.
type Fragments struct {
	Format string            `yaml:"format" json:"format" enum:"daybreak,changie,towncrier,reno,scriv,none" doc:"How the files are written: daybreak's own markdown, or the format of another tool; none reads no note files."`
	Path   string            `yaml:"path,omitempty" json:"path,omitempty" doc:"Folder of the files, from the repository's top; default: what the tool's own settings or habit say." pattern:"^[^/\\\\][^\\\\]*$" form:"a folder inside the repository, with slashes"`
	Lang   model.Lang        `yaml:"lang,omitempty" json:"lang,omitempty" doc:"Language of the notes; default: that of the history."`
	Kinds  map[string]string `yaml:"kinds,omitempty" json:"kinds,omitempty" doc:"The tool's words for kinds to kinds, or to internal: {vendor: changed}." enum:"added,changed,fixed,security,deprecated,removed,internal" keys:"^\\S.*$"`
}

// History says how commit messages are read.
type History struct {
	Language model.Lang          `yaml:"language,omitempty" json:"language,omitempty" doc:"Language of commit titles; default en."`
	Tickets  []string            `yaml:"tickets,omitempty" json:"tickets,omitempty" doc:"Regular expressions (RE2) of ticket ids, for example [A-Z]+-[0-9]+."`
	Types    map[string]string   `yaml:"types,omitempty" json:"types,omitempty" doc:"Conventional commit type to kind, or to internal." enum:"added,changed,fixed,security,deprecated,removed,internal" keys:"^[a-z0-9][a-z0-9_-]*$"`
	Trailers map[string][]string `yaml:"trailers,omitempty" json:"trailers,omitempty" doc:"Further names of daybreak's trailers, for example Release-Note: [Changelog-Text]." pattern:"^[A-Za-z0-9-]+$" form:"a trailer's name: letters, digits and -" keys:"^[A-Za-z0-9-]+$"`
}

// Notes says what customers are told.
type Notes struct {
	Unclassified string   `yaml:"unclassified,omitempty" json:"unclassified,omitempty" enum:"withhold,tell" doc:"What happens to a change that nothing classifies: withhold (default) or tell."`
	Titles       string   `yaml:"titles,omitempty" json:"titles,omitempty" enum:"tell,withhold" doc:"What happens to a classified change without customer text: tell its title (default) or withhold it."`
	Show         []string `yaml:"show,omitempty" json:"show,omitempty" enum:"request,ticket,author" doc:"Internal fields that the public pages may show; none by default."`
	Dependencies string   `yaml:"dependencies,omitempty" json:"dependencies,omitempty" enum:"tell,withhold" doc:"Whether customers read how many dependencies were updated, in one line: tell (default) or withhold. An internal type (types: {deps: internal}) withholds its updates too."`
	Prereleases  bool     `yaml:"prereleases,omitempty" json:"prereleases,omitempty" doc:"Give pre-releases pages of their own."`
	Unreleased   bool     `yaml:"unreleased,omitempty" json:"unreleased,omitempty" doc:"Show customers what is merged but not tagged yet, as a release in preparation."`
}

// Area is a part of the product.
type Area struct {
	ID      string     `yaml:"id" json:"id" doc:"Short id, used in the Area trailer." pattern:"^[\\p{L}\\p{N}][\\p{L}\\p{N}_-]{0,39}$" form:"a short id of letters, digits, - and _"`
	Name    model.Text `yaml:"name" json:"name" doc:"Name: one text, or one per language."`
	Paths   []string   `yaml:"paths,omitempty" json:"paths,omitempty" doc:"Path globs of its source."`
	Scopes  []string   `yaml:"scopes,omitempty" json:"scopes,omitempty" doc:"Scopes of conventional commits that mean it; its id is always one."`
	Depends []string   `yaml:"depends,omitempty" json:"depends,omitempty" doc:"Areas that it builds on: a change there makes its standing checks due."`
	Risky   bool       `yaml:"risky,omitempty" json:"risky,omitempty" doc:"Its checks come first."`
}

// System is one installation.
type System struct {
	ID         string       `yaml:"id" json:"id" doc:"Short id as the team says it: K1." pattern:"^[\\p{L}\\p{N}][\\p{L}\\p{N}_-]{0,39}$" form:"a short id of letters, digits, - and _"`
	Name       string       `yaml:"name" json:"name" doc:"The customer's name; never shown to another customer."`
	Also       []string     `yaml:"also,omitempty" json:"also,omitempty" doc:"Further names by which developers call this customer; never shown to another customer."`
	Test       bool         `yaml:"test,omitempty" json:"test,omitempty" doc:"A test system: no mails, evidence of tests comes from it."`
	Languages  []model.Lang `yaml:"languages,omitempty" json:"languages,omitempty" doc:"Languages of its notes and mails; default: all."`
	Areas      []string     `yaml:"areas,omitempty" json:"areas,omitempty" doc:"Areas that it has; default: all."`
	NotToday   model.Text   `yaml:"not_today,omitempty" json:"not_today,omitempty" doc:"Reason why it doesn't get the next release: one text, or one per language."`
	URL        string       `yaml:"url,omitempty" json:"url,omitempty" doc:"Address of the system, for the team." pattern:"^https?://\\S+$" form:"an absolute address like https://k1.example.com/"`
	Mail       string       `yaml:"mail,omitempty" json:"mail,omitempty" doc:"Where the customer's mails go." pattern:"^[^@\\s<>]+@[^@\\s<>]+$" form:"a mail address like office@example.com"`
	Recipients []Recipient  `yaml:"recipients,omitempty" json:"recipients,omitempty" doc:"Further people of the customer who get its mails."`
	Notes      string       `yaml:"notes,omitempty" json:"notes,omitempty" doc:"Address at which the system's own notes (systems/<id>/) are found: its mails link there; default: product.url." pattern:"^https?://[^\\s?#]+$" form:"an absolute address without query, like https://notes.example.com/k1/"`
}

// Person takes part in the day.
type Person struct {
	ID       string    `yaml:"id" json:"id" doc:"Short id." pattern:"^[\\p{L}\\p{N}][\\p{L}\\p{N}_-]{0,39}$" form:"a short id of letters, digits, - and _"`
	Name     string    `yaml:"name" json:"name" doc:"Full name."`
	Initials string    `yaml:"initials,omitempty" json:"initials,omitempty" doc:"Initials as signed on paper, at most 4 characters; default: from the name." pattern:"^\\S{1,4}$" form:"at most 4 characters without blanks"`
	Phone    string    `yaml:"phone,omitempty" json:"phone,omitempty" doc:"Extension, in quotes."`
	Mails    []string  `yaml:"mails,omitempty" json:"mails,omitempty" doc:"Addresses used in commits." pattern:"^[^@\\s<>]+@[^@\\s<>]+$" form:"a mail address like mk@example.com"`
	Roll     string    `yaml:"roll,omitempty" json:"roll,omitempty" enum:"sweet,savoury,none" doc:"The breakfast roll of the day: sweet, savoury, or none; left out, the runbook prints boxes to tick."`
	Pizza    string    `yaml:"pizza,omitempty" json:"pizza,omitempty" doc:"The pizza at noon, as it is ordered: Margherita; none for no pizza." pattern:"^\\S.{0,39}$" form:"a kind of pizza, at most 40 characters"`
	Private  []Private `yaml:"private,omitempty" json:"private,omitempty" doc:"What the morning holds for this person alone: printed in their own copy (daybreak print --personal), nowhere else."`
}

// Private is a row of one person's own copy of the runbook.
type Private struct {
	At   string     `yaml:"at" json:"at" doc:"Clock time, HH:MM in quotes." pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" form:"a clock time like \"04:00\""`
	Text model.Text `yaml:"text" json:"text" doc:"What to do: one text, or one per language."`
}

// Role is a part to play on the day.
type Role struct {
	ID     string     `yaml:"id" json:"id" doc:"SUP, DEV, RDEV, CDEV, TEAM, ALL or one of your own." pattern:"^[\\p{L}\\p{N}][\\p{L}\\p{N}_-]{0,39}$" form:"a short id of letters, digits, - and _"`
	Name   model.Text `yaml:"name,omitempty" json:"name,omitempty" doc:"What the role does: one text, or one per language."`
	Person string     `yaml:"person,omitempty" json:"person,omitempty" doc:"Id of the person."`
	Deputy string     `yaml:"deputy,omitempty" json:"deputy,omitempty" doc:"Id of the person who steps in."`
}

// Train is the schedule.
type Train struct {
	Every    string `yaml:"every,omitempty" json:"every,omitempty" doc:"Interval in weeks, for example 3w." pattern:"^([1-9]|[1-4][0-9]|5[0-2])w$" form:"a number of weeks from 1w to 52w, like 3w"`
	Weekday  string `yaml:"weekday,omitempty" json:"weekday,omitempty" enum:"monday,tuesday,wednesday,thursday,friday,saturday,sunday" doc:"Day of the rollout; default: that of first."`
	First    string `yaml:"first,omitempty" json:"first,omitempty" doc:"Any rollout day of the rhythm, YYYY-MM-DD; without it no next day is named." pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" form:"a day like 2026-01-13"`
	Start    string `yaml:"start,omitempty" json:"start,omitempty" doc:"T0, the clock time of the green light, HH:MM in quotes; default 06:30." pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" form:"a clock time like \"06:30\""`
	Opening  string `yaml:"opening,omitempty" json:"opening,omitempty" doc:"When customers' offices open, HH:MM in quotes; default 09:00." pattern:"^([01][0-9]|2[0-3]):[0-5][0-9]$" form:"a clock time like \"09:00\""`
	Rollback int    `yaml:"rollback,omitempty" json:"rollback,omitempty" doc:"Minutes that a rollback takes; default 30." min:"0" max:"1440"`
	Buffer   int    `yaml:"buffer,omitempty" json:"buffer,omitempty" doc:"Minutes of reserve before opening; default 15." min:"0" max:"1440"`
	Database int    `yaml:"database,omitempty" json:"database,omitempty" doc:"Planned minutes of the database update; default 20." min:"0" max:"1440"`
	Holidays string `yaml:"holidays,omitempty" json:"holidays,omitempty" doc:"Holiday region, for example DE-BY: a country, or a country and its state." pattern:"^[A-Z]{2}(-[A-Z0-9]{1,3})?$" form:"a region like DE or DE-BY"`
	Move     string `yaml:"move,omitempty" json:"move,omitempty" enum:"next,previous,skip" doc:"What happens to a day that is a holiday or blocked: the next workday takes its place (default), the previous one, or it is skipped."`

	Blocked []Season `yaml:"blocked,omitempty" json:"blocked,omitempty" doc:"Seasons without rollouts."`
	Changed []Shift  `yaml:"changed,omitempty" json:"changed,omitempty" doc:"Days that were moved or cancelled by hand; add a line for each decision, delete none: calendars count them."`
}

// Season is a time without rollouts, both days included.
type Season struct {
	From   string     `yaml:"from" json:"from" doc:"First day, YYYY-MM-DD, or MM-DD for every year." pattern:"^([0-9]{4}-)?[0-9]{2}-[0-9]{2}$" form:"a day like 2026-12-14, or 12-14 for every year"`
	To     string     `yaml:"to" json:"to" doc:"Last day, in the same form." pattern:"^([0-9]{4}-)?[0-9]{2}-[0-9]{2}$" form:"a day like 2027-01-06, or 01-06 for every year"`
	Reason model.Text `yaml:"reason" json:"reason" doc:"Why: one text, or one per language."`
}

// Shift is a decision about one day of the train.
type Shift struct {
	Day    string     `yaml:"day" json:"day" doc:"The day of the rhythm, YYYY-MM-DD." pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" form:"a day like 2026-05-12"`
	To     string     `yaml:"to,omitempty" json:"to,omitempty" doc:"The day that takes its place; without it the day is cancelled." pattern:"^[0-9]{4}-[0-9]{2}-[0-9]{2}$" form:"a day like 2026-05-13"`
	Reason model.Text `yaml:"reason" json:"reason" doc:"Why: one text, or one per language."`
}

// Publish says when customers see a release.
type Publish struct {
	After     string `yaml:"after,omitempty" json:"after,omitempty" doc:"Releases after this version are shown to customers only once daybreak publish was run for them; this one and earlier ones count as published on their tag's date. Without it, and as long as nothing was published, every tagged release is shown."`
	Approvals int    `yaml:"approvals,omitempty" json:"approvals,omitempty" doc:"How many people must have approved the words, with daybreak approve, before a release is published; default 0." min:"0" max:"9"`
}

// Delivery is one place to which a finished site goes: a folder or a bucket.
type Delivery struct {
	Name   string `yaml:"name" json:"name" doc:"Short name, for the command line and messages." pattern:"^[\\p{L}\\p{N}][\\p{L}\\p{N}_-]{0,39}$" form:"a short name of letters, digits, - and _"`
	Site   string `yaml:"site,omitempty" json:"site,omitempty" doc:"What goes there: public (default), or the id of a system for that customer's own site."`
	Folder string `yaml:"folder,omitempty" json:"folder,omitempty" doc:"The folder that a web server shows, relative to this file. It becomes a link to the newest version; the versions lie beside it."`
	Keep   int    `yaml:"keep,omitempty" json:"keep,omitempty" doc:"How many earlier versions stay for daybreak rollback, beside the folder or, of a bucket, in this workspace's .daybreak/versions; default 5." min:"1" max:"99"`
	S3     Bucket `yaml:"s3,omitempty" json:"s3,omitempty" doc:"A bucket of an S3-compatible store, instead of a folder."`
}

// Bucket is a place in an S3-compatible object store.
type Bucket struct {
	Endpoint    string `yaml:"endpoint" json:"endpoint" doc:"Address of the store; buckets are named in the path." pattern:"^https?://[^\\s?#]+$" form:"an absolute address like https://s3.eu-central-1.amazonaws.com"`
	Bucket      string `yaml:"bucket" json:"bucket" doc:"Name of the bucket; it must be there already." pattern:"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$" form:"a bucket's name: 3 to 63 small letters, digits, dots and hyphens"`
	Prefix      string `yaml:"prefix,omitempty" json:"prefix,omitempty" doc:"Folder inside the bucket; default: its top." pattern:"^[A-Za-z0-9][A-Za-z0-9._/-]*$" form:"a folder of letters, digits, dots, hyphens and slashes"`
	Region      string `yaml:"region,omitempty" json:"region,omitempty" doc:"Region that requests are signed for; default us-east-1." pattern:"^[a-z0-9-]+$" form:"a region like eu-central-1"`
	Credentials string `yaml:"credentials,omitempty" json:"credentials,omitempty" doc:"File with aws_access_key_id and aws_secret_access_key, as the AWS tools write it, relative to this file; keep it out of git. Default: the environment, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."`
}

// Guard says what the guard looks for, and what it lets pass.
type Guard struct {
	Private  []string    `yaml:"private,omitempty" json:"private,omitempty" doc:"Words that must never leave: code names, partners, places. They are found in any case and disguise."`
	Patterns []string    `yaml:"patterns,omitempty" json:"patterns,omitempty" doc:"Regular expressions (RE2) of texts that must never leave; case makes no difference."`
	Allow    []Exception `yaml:"allow,omitempty" json:"allow,omitempty" doc:"What may leave although the guard would stop it."`
}

// Exception is a text that may leave; it has either Text or Pattern.
type Exception struct {
	Text    string `yaml:"text,omitempty" json:"text,omitempty" doc:"The text that may leave, in any case."`
	Pattern string `yaml:"pattern,omitempty" json:"pattern,omitempty" doc:"Regular expression (RE2) instead of a text; what it matches may leave."`
	Reason  string `yaml:"reason" json:"reason" doc:"Why it may leave."`
	Where   string `yaml:"where,omitempty" json:"where,omitempty" doc:"Glob of the built files in which it may stand, for example public/**; default: everywhere."`
}

// Term is one word of the product in one language.
type Term struct {
	Lang   model.Lang `yaml:"lang" json:"lang" doc:"Language of the word."`
	Prefer string     `yaml:"prefer" json:"prefer" doc:"The word as customers should read it."`
	Avoid  []string   `yaml:"avoid" json:"avoid" doc:"Words and spellings that mean the same and should not be used."`
}
