package guard

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// shape is a secret that is known by how it is written.
type shape struct {
	what    string
	mark    string // what it begins with, lower case
	pattern string // the whole, matched at the mark; its case counts
}

// secretShapes are the secrets that their issuers made recognisable. Sources,
// read in 2026: the issuers' own documentation as listed at
// https://docs.github.com/en/code-security/reference/secret-security/supported-secret-scanning-patterns,
// and, for lengths and alphabets, the rules of
// https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml.
// Lengths are lower bounds: issuers lengthen tokens without telling.
var secretShapes = []shape{
	{"private key", "-----begin", `-----BEGIN[ A-Z0-9]{0,40}PRIVATE KEY( BLOCK)?-----`},
	{"private key", "private key", `PRIVATE KEY( BLOCK)?-----`}, // its head's second half
	{"PuTTY private key", "putty-user-key-file-", `PuTTY-User-Key-File-[23]`},
	{"age secret key", "age-secret-key-1", `AGE-SECRET-KEY-1[0-9A-Z]{20,}`},
	{"AWS access key", "akia", `AKIA[0-9A-Z]{16}`},
	{"AWS access key", "asia", `ASIA[0-9A-Z]{16}`},
	{"AWS access key", "abia", `ABIA[0-9A-Z]{16}`},
	{"GitHub token", "ghp_", `ghp_[0-9A-Za-z]{20,}`},
	{"GitHub token", "gho_", `gho_[0-9A-Za-z]{20,}`},
	{"GitHub token", "ghu_", `ghu_[0-9A-Za-z]{20,}`},
	{"GitHub token", "ghs_", `ghs_[0-9A-Za-z]{20,}`},
	{"GitHub token", "ghr_", `ghr_[0-9A-Za-z]{20,}`},
	{"GitHub token", "github_pat_", `github_pat_[0-9A-Za-z_]{22,}`},
	{"GitLab token", "glpat-", `glpat-[0-9A-Za-z_-]{16,}`},
	{"GitLab token", "gldt-", `gldt-[0-9A-Za-z_-]{16,}`},
	{"GitLab token", "glrt-", `glrt-[0-9A-Za-z_-]{16,}`},
	{"GitLab token", "glptt-", `glptt-[0-9a-f]{30,}`},
	{"GitLab token", "glcbt-", `glcbt-[0-9A-Za-z_-]{16,}`},
	{"Slack token", "xox", `xox[abeoprs]-[0-9A-Za-z-]{10,}`},
	{"Slack token", "xapp-", `xapp-[0-9]-[0-9A-Z]+-[0-9]+-[0-9a-f]{10,}`},
	{"Slack webhook", "hooks.slack.com/", `hooks\.slack\.com/(services|workflows|triggers)/[0-9A-Za-z/]{20,}`},
	{"Teams webhook", "webhook.office.com/", `webhook\.office\.com/webhookb2/[0-9a-f-]{20,}`},
	{"Discord webhook", "discord.com/api/webhooks/", `discord\.com/api/webhooks/[0-9]+/[0-9A-Za-z_-]{20,}`},
	{"Google API key", "aiza", `AIza[0-9A-Za-z_-]{35}`},
	{"Google OAuth secret", "gocspx-", `GOCSPX-[0-9A-Za-z_-]{20,}`},
	{"Google OAuth token", "ya29.", `ya29\.[0-9A-Za-z_-]{20,}`},
	{"Stripe key", "sk_live_", `sk_live_[0-9A-Za-z]{10,}`},
	{"Stripe key", "sk_test_", `sk_test_[0-9A-Za-z]{10,}`},
	{"Stripe key", "rk_live_", `rk_live_[0-9A-Za-z]{10,}`},
	{"Stripe webhook secret", "whsec_", `whsec_[0-9A-Za-z+/=]{20,}`},
	{"OpenAI key", "sk-", `sk-(proj-|svcacct-|admin-)?[0-9A-Za-z_-]{32,}`},
	{"Anthropic key", "sk-ant-", `sk-ant-[0-9A-Za-z_-]{20,}`},
	{"Hugging Face token", "hf_", `hf_[A-Za-z]{30,}`},
	{"npm token", "npm_", `npm_[0-9A-Za-z]{30,}`},
	{"PyPI token", "pypi-", `pypi-AgE[0-9A-Za-z_-]{40,}`},
	{"RubyGems key", "rubygems_", `rubygems_[0-9a-f]{40,}`},
	{"Docker token", "dckr_pat_", `dckr_pat_[0-9A-Za-z_-]{20,}`},
	{"DigitalOcean token", "dop_v1_", `dop_v1_[0-9a-f]{40,}`},
	{"Shopify token", "shp", `shp(at|ca|pa|ss)_[0-9a-fA-F]{32}`},
	{"SendGrid key", "sg.", `SG\.[0-9A-Za-z_-]{16,}\.[0-9A-Za-z_-]{16,}`},
	{"Mailgun key", "key-", `key-[0-9a-f]{32}`},
	{"Mailchimp key", "-us", `[0-9a-f]{32}-us[0-9]{1,2}`},
	{"Square token", "sq0", `sq0(atp|csp|idp)-[0-9A-Za-z_-]{20,}`},
	{"Twilio key", "sk0", `SK[0-9a-f]{32}`},
	{"Databricks token", "dapi", `dapi[0-9a-f]{32}`},
	{"Vault token", "hvs.", `hvs\.[0-9A-Za-z_-]{20,}`},
	{"Vault token", "hvb.", `hvb\.[0-9A-Za-z_-]{20,}`},
	{"Terraform token", ".atlasv1.", `[0-9A-Za-z]{14}\.atlasv1\.[0-9A-Za-z_=-]{40,}`},
	{"Atlassian token", "atatt3", `ATATT3[0-9A-Za-z_=-]{40,}`},
	{"Linear key", "lin_api_", `lin_api_[0-9A-Za-z]{30,}`},
	{"Grafana token", "glsa_", `glsa_[0-9A-Za-z]{20,}_[0-9a-fA-F]{8}`},
	{"Sentry token", "sntrys_", `sntrys_[0-9A-Za-z+/=_]{30,}`},
	{"New Relic key", "nrak-", `NRAK-[0-9A-Z]{20,}`},
	{"Postman key", "pmak-", `PMAK-[0-9a-f]{20,}-[0-9a-f]{30,}`},
	{"Figma token", "figd_", `figd_[0-9A-Za-z_-]{30,}`},
	{"Telegram bot token", ":aa", `[0-9]{8,10}:AA[0-9A-Za-z_-]{30,}`},
	{"Azure storage key", "accountkey=", `(?i)AccountKey=[0-9A-Za-z+/]{40,}=*`},
	{"Azure signature", "sig=", `sig=[0-9A-Za-z%+/]{30,}`},
	{"JSON web token", "eyj", `eyJ[0-9A-Za-z_-]{8,}\.eyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]{8,}`},
	{"password in an address", "://", `[a-z][a-z0-9+.-]*://[^\s:/@"'<>]+:[^\s/@"'<>]+@[0-9A-Za-z.-]+`},
	{"bearer token", "bearer ", `(?i)bearer [0-9A-Za-z._~+/-]{24,}=*`},
}

// stencil is how manuals write a name and its password in an address.
var stencil = regexp.MustCompile(`(?i)^[a-z][a-z0-9+.-]*://[<{$]*(?:user|username|user_name|benutzer|name|login|usr)[>}]*:[<{$]*(?:pass|password|passwd|passwort|kennwort|pwd|pw|secret|token)[>}]*@`)

// assigned is a password that is written down. It isn't exact: a help text can
// say "password: required8", so that it counts in a workspace alone.
var assigned = []string{"password", "passwort", "passwd", "kennwort", "passphrase", "secret", "api_key", "api-key", "apikey", "api key", "access_key", "auth_token", "access_token", "client_secret", "private_key", "token", "pwd"}

var assignment = regexp.MustCompile(`^["']?\s{0,2}(?:=|:|=>|:=)\s{0,2}["']?([^\s"'<>,;\x1e]{8,})`)

// reachBack is how far ahead of its mark a secret may begin, in bytes.
const reachBack = 48

// secrets takes the shapes of secrets, internal hosts and branches.
func (g *Guard) secrets() {
	for _, sh := range secretShapes {
		re := regexp.MustCompile(sh.pattern)
		// An address and a word are the beginning of many things.
		exact := sh.mark != "://" && sh.mark != "bearer "
		g.marks.add(literal{text: sh.mark, class: Secret, what: sh.what, exact: exact, check: func(v *view, from, to int) (int, int, bool) {
			start := max(0, from-reachBack)
			window := v.loose[start:min(len(v.loose), to+400)]
			for _, m := range re.FindAllStringIndex(window, -1) {
				a, b := start+m[0], start+m[1]
				if a <= from && to <= b && !(a > 0 && isAlnum(v.loose[a-1]) && isAlnum(v.loose[a]) && !v.isCut(a)) && !stencil.MatchString(v.loose[a:b]) {
					return a, b, true
				}
			}
			return 0, 0, false
		}})
	}
	if g.bare {
		return
	}
	for _, word := range assigned {
		g.marks.add(literal{text: word, class: Secret, what: "password", check: writtenDown})
	}
	for _, suffix := range []string{".local", ".internal", ".intern", ".corp", ".lan", ".intranet", ".localdomain", ".home.arpa", ".priv", ".svc.cluster"} {
		g.marks.add(literal{text: suffix, class: Host, check: internalHost})
	}
	for _, prefix := range branchFolders {
		g.marks.add(literal{text: prefix, class: Branch, check: branchShape})
	}
	for _, mark := range []string{"/merge_requests/", "/-/issues/", "/pull/", "/pull-requests/", "/pullrequest/", "/commit/", "/commits/", "/browse/"} {
		g.marks.add(literal{text: mark, class: Ticket, check: g.forgeLink})
	}
}

// branchFolders are where teams put branches, and behind the first teamFolders of
// them where git does.
const teamFolders = 11

var branchFolders = []string{"feature/", "features/", "bugfix/", "hotfix/", "feat/", "fix/", "topic/", "chore/", "refactor/", "renovate/", "dependabot/", "refs/heads/", "refs/remotes/", "origin/", "upstream/"}

// writtenDown knows a password by its name and what is assigned to it.
func writtenDown(v *view, from, to int) (int, int, bool) {
	if from > 0 && isAlnum(v.loose[from-1]) && !v.isCut(from) || v.zone == zoneStyle {
		return 0, 0, false
	}
	m := assignment.FindStringSubmatchIndex(v.loose[to:min(len(v.loose), to+200)])
	if m == nil {
		return 0, 0, false
	}
	value := v.loose[to+m[2] : to+m[3]]
	digits := strings.ContainsAny(value, "0123456789")
	if !digits || strings.IndexFunc(value, func(r rune) bool { return r|0x20 >= 'a' && r|0x20 <= 'z' }) < 0 || strings.Contains(value, "://") {
		return 0, 0, false
	}
	return from, to + m[3], true
}

// internalHost knows names below the domains that no public server has
// (RFC 6762, RFC 8375, ICANN's .internal, and what houses use besides).
func internalHost(v *view, from, to int) (int, int, bool) {
	text := v.loose
	start := from
	for start > 0 && !v.isCut(start) && (isAlnum(text[start-1]) || text[start-1] == '-' || text[start-1] == '.') {
		start--
	}
	host := strings.TrimLeft(text[start:from], ".-")
	start = from - len(host)
	if v.isCut(from+1) && !strings.ContainsAny(host, "0123456789-.") {
		return 0, 0, false // a sentence ended there
	}
	// ".env.local" is a file; a number, a sentence's end and a call are none either.
	if host == "" || start > 0 && (text[start-1] == '.' || text[start-1] == '/' && !strings.HasSuffix(text[:start], "//") || text[start-1] == '_') {
		return 0, 0, false
	}
	if to < len(text) && !v.isCut(to) && (isAlnum(text[to]) || text[to] == '-' || text[to] == '_' || text[to] == '(' || text[to] == '.' && to+1 < len(text) && isAlnum(text[to+1]) && !strings.Contains(text[from:to], "svc")) {
		return 0, 0, false
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return 0, 0, false
	}
	if strings.Count(host, ".") > 1 && slices.ContainsFunc(packages, func(p string) bool { return strings.HasPrefix(lower(host), p) }) {
		return 0, 0, false
	}
	return start, to, v.zone != zoneStyle
}

// everyBranch are names that each repository has.
var everyBranch = []string{"master", "main", "head", "trunk", "origin", "origin/head", "origin/main", "origin/master"}

// packages begin the names of packages, which are domains turned around.
var packages = []string{"com.", "org.", "net.", "io.", "de.", "eu.", "java.", "javax.", "jakarta."}

// branchShape knows a branch by the folders that teams put branches in. One
// word behind the slash is too often an alternative: "feature/option".
func branchShape(v *view, from, to int) (int, int, bool) {
	text := v.loose
	if from > 0 && !v.isCut(from) && (isAlnum(text[from-1]) || strings.IndexByte("/._-", text[from-1]) >= 0) {
		return 0, 0, false
	}
	end := to
	for end < len(text) && (isAlnum(text[end]) || strings.IndexByte("/._-", text[end]) >= 0) {
		end++
	}
	name := strings.TrimRight(text[to:end], "./-_")
	if slices.Contains(everyBranch, lower(name)) {
		return 0, 0, false
	}
	exact := strings.HasPrefix(text[from:], "refs/") || strings.HasPrefix(v.lower[from:], "origin/")
	return from, to + len(name), len(name) >= 3 && (exact || strings.ContainsAny(name, "-_/0123456789"))
}

// forgeLink knows addresses of requests, tickets and commits.
func (g *Guard) forgeLink(v *view, from, to int) (int, int, bool) {
	if g.show["request"] || g.show["ticket"] {
		return 0, 0, false
	}
	end := to
	for end < len(v.loose) && (isAlnum(v.loose[end]) || v.loose[end] == '-') {
		end++
	}
	id := v.loose[to:end]
	switch v.lower[from:to] {
	case "/commit/", "/commits/":
		return from, end, hexRun(id, 40) >= 7 && hexRun(id, 40) == len(id)
	case "/browse/":
		return from, end, strings.Contains(id, "-") && strings.ContainsAny(id, "0123456789")
	}
	return from, end, id != "" && strings.Trim(id, "0123456789") == ""
}
