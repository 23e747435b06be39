package config

import "time"

// Location is the time zone in which all dates and clock times are meant; UTC
// where the configured name is unknown, which Parse diagnoses.
func (c *Config) Location() *time.Location {
	zone, err := time.LoadLocation(c.Timezone)
	if err != nil {
		return time.UTC
	}
	return zone
}
