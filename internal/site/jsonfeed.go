package site

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// jsonFeedFile is a JSON Feed (https://www.jsonfeed.org/version/1.1/).
type jsonFeedFile struct {
	Version     string          `json:"version"`
	Title       string          `json:"title"`
	HomePageURL string          `json:"home_page_url,omitempty"`
	FeedURL     string          `json:"feed_url,omitempty"`
	Description string          `json:"description,omitempty"`
	Language    string          `json:"language"`
	Authors     []jsonAuthor    `json:"authors"`
	Items       []jsonFeedEntry `json:"items"`
}

type jsonAuthor struct {
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

type jsonFeedEntry struct {
	ID            string   `json:"id"`
	URL           string   `json:"url,omitempty"`
	Title         string   `json:"title"`
	ContentHTML   string   `json:"content_html"`
	Summary       string   `json:"summary,omitempty"`
	DatePublished string   `json:"date_published"`
	DateModified  string   `json:"date_modified,omitempty"`
	Language      string   `json:"language"`
	Tags          []string `json:"tags,omitempty"`
}

func (b *publicBuild) jsonFeed(s *shelf, c channel, releases []*Release) ([]byte, error) {
	feed := jsonFeedFile{
		Version:     "https://jsonfeed.org/version/1.1",
		Title:       c.title,
		Description: s.brand.Tagline,
		Language:    string(s.lang),
		Authors:     []jsonAuthor{{Name: b.primaryName(), URL: webAddress(s.brand.Home)}},
		Items:       []jsonFeedEntry{},
	}
	if s.brand.URL != "" { // the format wants absolute addresses
		feed.HomePageURL, feed.FeedURL = s.link("index.html"), s.link(c.name+".json")
	}
	for _, r := range releases {
		e := jsonFeedEntry{
			ID: b.id(c, "release", string(s.lang), r.Slug), Title: r.heading(), ContentHTML: b.releaseHTML(s, r),
			Summary: r.summary(), DatePublished: stamp(r.Date), Language: string(s.lang),
		}
		if s.brand.URL != "" {
			e.URL = s.link(r.Href)
		}
		if r.Changed() != r.Date {
			e.DateModified = stamp(r.Changed())
		}
		for _, n := range r.Counts {
			e.Tags = append(e.Tags, string(n.Kind))
		}
		feed.Items = append(feed.Items, e)
	}
	return inJSON(s.dir+c.name+".json", feed)
}

func (b *publicBuild) putJSON(path string, v any) error {
	return b.later(path, func() ([]byte, error) { return inJSON(path, v) })
}

func inJSON(path string, v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("making %s: %w", path, err)
	}
	return out.Bytes(), nil
}
