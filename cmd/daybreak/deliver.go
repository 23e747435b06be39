package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"daybreak/internal/config"
	"daybreak/internal/delivery"
	"daybreak/internal/diag"
	"daybreak/internal/output"
)

// newDeliver builds `daybreak deliver`.
func newDeliver() *cobra.Command {
	var at place
	var out string
	var to []string
	var asJSON bool
	c := &cobra.Command{
		Use:   "deliver",
		Short: "Bring the finished sites to where customers read them",
		Long: `Bring the sites as they were built last to the places under deliver in
daybreak.yaml; publish and withdraw do so by themselves. Only the public site and
the systems' own sites can go anywhere, never the team's pages.

A folder changes to the new version at once, and earlier ones stay beside it for
rollback. A bucket gets what differs, in an order in which no reader meets a page
without its pictures; its earlier versions are kept in the workspace's .daybreak
folder. The keys of a bucket come from the environment (AWS_ACCESS_KEY_ID,
AWS_SECRET_ACCESS_KEY) or from a file of their own.

A run that was killed can be run again.`,
		Example: "  daybreak deliver\n  daybreak deliver --to web\n  daybreak deliver --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			m := messagesOf(cmd)
			w, err := openSound(at)
			if err != nil {
				return err
			}
			if out == "" {
				out = filepath.Join(w.dir, "site")
			}
			if len(w.config.Deliver) == 0 {
				return diag.Refuse("nowhere", diag.Say("the workspace doesn't say where the sites go"),
					diag.Say("add `deliver: [{name: web, folder: /var/www/changelog}]` to %s.", configFile))
			}
			release, err := w.lockPublishing()
			if err != nil {
				return err
			}
			defer release()
			done, err := w.deliver(cmd.Context(), m, out, to)
			if asJSON && done != nil {
				if err := printJSON(cmd.OutOrStdout(), done); err != nil {
					return err
				}
			}
			return err
		},
	}
	addPlaceFlags(c, &at)
	c.Flags().StringSliceVar(&to, "to", nil, "only to these `places`, by name")
	c.Flags().StringVar(&out, "out", "", "`folder` that was built (default: site in the workspace)")
	c.Flags().BoolVar(&asJSON, "json", false, "print what each place got as JSON")
	_ = c.MarkFlagDirname("out")
	return c
}

// deliveryJSON is what became of one place.
type deliveryJSON struct {
	Name  string `json:"name"`
	Site  string `json:"site"`
	To    string `json:"to"`    // folder, or the bucket's address
	State string `json:"state"` // "delivered", "unchanged" or "failed"

	Files *delivery.Result `json:"files,omitempty"` // of a bucket; a folder is changed whole
	Error string           `json:"error,omitempty"`
	Hint  string           `json:"hint,omitempty"`
}

// targets gives the places of the configuration, or those that are named.
func (w *workspace) targets(names []string) ([]config.Delivery, error) {
	var out []config.Delivery
	var all []string
	for _, d := range w.config.Deliver {
		all = append(all, d.Name)
		if len(names) == 0 || slices.Contains(names, d.Name) {
			out = append(out, d)
		}
	}
	for _, n := range names {
		if !slices.Contains(all, n) {
			return nil, wrongUse(diag.Say("no delivery is called %q; there are: %s", n, orDash(strings.Join(all, ", "))))
		}
	}
	return out, nil
}

// deliver brings the sites of a built tree to the places, one after the other,
// and says what became of each. One that fails doesn't keep the others back.
func (w *workspace) deliver(ctx context.Context, m messages, tree string, names []string) ([]deliveryJSON, error) {
	targets, err := w.targets(names)
	if err != nil {
		return nil, err
	}
	failed := 0
	all := make([]deliveryJSON, 0, len(targets))
	for _, d := range targets {
		done, err := w.deliverTo(ctx, m, tree, d)
		if err == nil {
			all = append(all, done)
			continue
		}
		done.State, done.Error = "failed", err.Error()
		if p := (*diag.Problem)(nil); errors.As(err, &p) {
			done.Hint = p.Hint
		}
		all = append(all, done)
		if ctx.Err() != nil {
			return all, halfway(ctx, err)
		}
		failed++
		m.fail(fmt.Errorf("%s: %w", d.Name, err), done.Hint)
	}
	if failed > 0 {
		return all, diag.Refuse("not-delivered", diag.Say("%d of %d %s didn't get it", failed, len(targets), plural(len(targets), "place")),
			diag.Say("mend what is named above, then `daybreak deliver%s`.", w.place.flags()))
	}
	return all, nil
}

func (w *workspace) deliverTo(ctx context.Context, m messages, tree string, d config.Delivery) (deliveryJSON, error) {
	done := deliveryJSON{Name: d.Name, Site: d.Site, To: d.Folder, State: "delivered"}
	if d.Folder == "" {
		done.To = strings.TrimSuffix(d.S3.Endpoint, "/") + "/" + d.S3.Bucket
	}
	site, err := openSite(tree, d.Site)
	if err != nil {
		return done, err
	}
	defer site.Close()
	if err := w.noteDelivered(d.Name, ""); err != nil {
		return done, err
	}
	if d.Folder != "" {
		changed, err := w.folder(d).Deliver(site)
		if err != nil {
			return done, err
		}
		if changed {
			m.say("delivered %s to %s", d.Site, d.Folder)
		} else {
			done.State = "unchanged"
			m.say("%s shows %s as it is already", d.Folder, d.Site)
		}
		return done, w.noteDelivered(d.Name, site.Digest())
	}
	kept, err := w.keptBucket(d)
	if err != nil {
		return done, err
	}
	files, unkept, err := kept.Deliver(ctx, site)
	done.Files = &files
	if unkept != nil && ctx.Err() == nil {
		m.diagnostics(diag.List{diag.New(diag.Warning, "not-kept", diag.Position{}, diag.Say("%s: this version can't be kept for a rollback: %v", d.Name, unkept),
			diag.Say("free some space in the workspace, or mend what is said there, and deliver again; readers are not concerned."))})
	}
	if err != nil {
		return done, err
	}
	if files.Brought+files.Deleted == 0 {
		done.State = "unchanged"
	}
	m.say("delivered %s to %s: %d %s brought, %d the same, %d deleted", d.Site, d.Name, files.Brought, plural(files.Brought, "file"), files.Same, files.Deleted)
	return done, w.noteDelivered(d.Name, site.Digest())
}

func openSite(tree, name string) (*delivery.Site, error) {
	if name == config.PublicSite {
		return delivery.Public(tree)
	}
	return delivery.System(tree, name)
}

func (w *workspace) folder(d config.Delivery) *delivery.Folder {
	return &delivery.Folder{Path: w.within(d.Folder), Keep: d.Keep}
}

// versionsFolder is where the earlier versions of buckets are kept, a folder for each
// delivery.
const versionsFolder = ".daybreak/versions"

// keptBucket is a bucket with its earlier versions.
func (w *workspace) keptBucket(d config.Delivery) (*delivery.Kept, error) {
	bucket, err := w.bucket(d)
	if err != nil {
		return nil, err
	}
	return &delivery.Kept{Bucket: bucket, Shelf: w.shelf(d), Name: d.Name}, nil
}

func (w *workspace) shelf(d config.Delivery) *delivery.Shelf {
	return &delivery.Shelf{Dir: filepath.Join(w.dir, filepath.FromSlash(versionsFolder), d.Name), Keep: d.Keep}
}

func (w *workspace) bucket(d config.Delivery) (*delivery.Bucket, error) {
	file := d.S3.Credentials
	if file != "" {
		file = w.within(file)
	}
	keys, err := delivery.LoadKeys(file, os.Getenv)
	if err != nil {
		return nil, err
	}
	return &delivery.Bucket{Endpoint: d.S3.Endpoint, Bucket: d.S3.Bucket, Prefix: strings.Trim(d.S3.Prefix, "/"), Region: d.S3.Region, Keys: keys}, nil
}

// deliveredFile remembers, on this machine, what was brought where: the digest
// of each delivery's site, by the delivery's name.
const deliveredFile = ".daybreak/delivered.json"

func (w *workspace) delivered() map[string]string {
	notes := map[string]string{}
	data, err := os.ReadFile(filepath.Join(w.dir, filepath.FromSlash(deliveredFile)))
	if err == nil {
		_ = json.Unmarshal(data, &notes) // what can't be read was not delivered
	}
	return notes
}

// noteDelivered remembers what a place has got, "" while that isn't sure.
func (w *workspace) noteDelivered(name, digest string) error {
	notes := w.delivered()
	if was, noted := notes[name]; noted && was == digest {
		return nil
	}
	notes[name] = digest
	data, err := json.MarshalIndent(notes, "", "  ")
	if err != nil {
		return err
	}
	// What lies where is this machine's business; all else in the folder is for git.
	ignore := filepath.Join(w.dir, ".daybreak", ".gitignore")
	if _, err := os.Stat(ignore); errors.Is(err, fs.ErrNotExist) {
		if err := output.File(ignore, []byte("delivered.json\npublish.lock\n")); err != nil {
			return err
		}
	}
	return output.Replace(filepath.Join(w.dir, filepath.FromSlash(deliveredFile)), append(data, '\n'))
}

// rolledBackNote is noted in the place of a digest for a place that shows an earlier
// version because somebody wanted it so, rollingBackNote while it is on its way there.
const (
	rolledBackNote  = "rolled back"
	rollingBackNote = "rolling back"
)

// rollingBack names the first of these places in which a rollback was interrupted, ""
// for none.
func (w *workspace) rollingBack(names []string) string {
	notes := w.delivered()
	for _, n := range names {
		if notes[n] == rollingBackNote {
			return n
		}
	}
	return ""
}

// rolledBack reports whether all of these places show an earlier version by
// somebody's will.
func (w *workspace) rolledBack(names []string) bool {
	notes := w.delivered()
	return !slices.ContainsFunc(names, func(n string) bool { return notes[n] != rolledBackNote })
}

// undelivered names the places that lack the site as it was built last.
func (w *workspace) undelivered(tree string) []string {
	var out []string
	notes := w.delivered()
	for _, d := range w.config.Deliver {
		site, err := openSite(tree, d.Site)
		if err != nil {
			out = append(out, d.Name) // it isn't built
			continue
		}
		if notes[d.Name] != site.Digest() {
			out = append(out, d.Name)
		}
		_ = site.Close()
	}
	return out
}
