package config

import (
	"fmt"
	"path"
	"strings"

	"daybreak/internal/model"

	"daybreak/internal/diag"
)

// publish checks when releases are shown and where the sites go.
func (d *decoder) publish(c *Config) {
	if after := c.Publish.After; after != "" {
		if _, ok := model.ParseVersion(after); !ok {
			d.bad("publish.after", "bad-value", diag.Say("%q is no version", after), diag.Say("Write it as the tag is called: 2026.15.0."))
		}
	}
	ids := []string{PublicSite}
	for _, s := range c.Systems {
		if !s.Test {
			ids = append(ids, s.ID)
		}
	}
	names := make([]string, len(c.Deliver))
	for i := range c.Deliver {
		to := &c.Deliver[i]
		names[i] = to.Name
		at := fmt.Sprintf("deliver[%d]", i)
		d.reference(at+".site", "site", to.Site, ids)
		d.address(at+".s3.endpoint", to.S3.Endpoint)
		_, bucket := d.at[at+".s3"]
		_, folder := d.at[at+".folder"]
		switch {
		case bucket && folder:
			d.bad(at+".folder", "two-targets", diag.Say("%q goes to a folder and to a bucket", to.Name), diag.Say("Make two deliveries of it, each with a name."))
		case !bucket && !folder:
			d.bad(at, "no-target", diag.Say("%q says nowhere to go", to.Name), diag.Say("Add folder: or s3: to it."))
		}
		if strings.Contains("/"+to.S3.Prefix+"/", "/../") || strings.Contains(to.S3.Prefix, "//") {
			d.bad(at+".s3.prefix", "bad-value", diag.Say("%q is no folder of a bucket", to.S3.Prefix), diag.Say("Write it like changelog or product/changelog."))
		}
	}
	d.unique("deliver[%d].name", "delivery", names)
	d.overlaps(c)
}

// overlaps refuses two deliveries of which one lies in the other: each would
// delete what the other brought.
func (d *decoder) overlaps(c *Config) {
	for i := range c.Deliver {
		for j := range c.Deliver[:i] {
			a, b := c.Deliver[i].place(), c.Deliver[j].place()
			if a != "" && b != "" && (strings.HasPrefix(a, b) || strings.HasPrefix(b, a)) {
				d.bad(fmt.Sprintf("deliver[%d]", i), "same-target", diag.Say("%q and %q go to the same place", c.Deliver[i].Name, c.Deliver[j].Name), diag.Say("Each needs a place of its own: what one brings, the other would delete."))
			}
		}
	}
}

// place names where a delivery goes, with a slash behind it; "" where it
// doesn't say.
func (t *Delivery) place() string {
	switch {
	case t.Folder != "":
		return "folder " + path.Clean(strings.ReplaceAll(t.Folder, `\`, "/")) + "/"
	case t.S3.Bucket != "":
		return strings.TrimRight("s3 "+strings.TrimSuffix(t.S3.Endpoint, "/")+"/"+t.S3.Bucket+"/"+strings.Trim(t.S3.Prefix, "/"), "/") + "/"
	}
	return ""
}
