package config

import (
	"fmt"

	"daybreak/internal/model"
)

// publish checks when releases are shown.
func (d *decoder) publish(c *Config) {
	if after := c.Publish.After; after != "" {
		if _, ok := model.ParseVersion(after); !ok {
			d.bad("publish.after", "bad-value", fmt.Sprintf("%q is no version", after), "Write it as the tag is called: 2026.15.0.")
		}
	}
}
