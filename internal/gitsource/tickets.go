package gitsource

import (
	"maps"
	"regexp"
	"slices"
)

// ticketID is the form of Jira's, YouTrack's and Linear's ids.
var ticketID = regexp.MustCompile(`\b([A-Z][A-Z0-9]{1,9})-([1-9][0-9]{0,5})\b`)

// noTickets are names of standards and the like that look like tickets.
var noTickets = []string{
	"AES", "BSD", "CP", "CVE", "CWE", "ES", "FIPS", "GCC", "GHSA", "GMT", "GPL", "HTTP", "IEEE", "IPV", "ISO", "LGPL", "MD",
	"PEP", "PKCS", "PR", "RC", "RFC", "RSA", "RUSTSEC", "SHA", "TLS", "UTC", "UTF", "WIN",
}

// ticketCount gathers which ticket ids messages name.
type ticketCount map[string]map[string]bool // key → numbers

func (t ticketCount) add(text string) {
	for _, m := range ticketID.FindAllStringSubmatch(text, -1) {
		if slices.Contains(noTickets, m[1]) {
			continue
		}
		if t[m[1]] == nil {
			t[m[1]] = map[string]bool{}
		}
		t[m[1]][m[2]] = true
	}
}

// patterns gives a regular expression for each key that was seen with several
// numbers, in at least one of fifty messages: a single one is chance.
func (t ticketCount) patterns(messages int) []string {
	var out []string
	for _, key := range slices.Sorted(maps.Keys(t)) {
		if len(t[key]) >= max(2, messages/50) {
			out = append(out, key+"-[0-9]+")
		}
	}
	return out
}
