package delivery

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"daybreak/internal/diag"
)

// LoadKeys reads the keys of a store from a file as the AWS tools write it
// (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html),
// its default section, or where file is "" from the environment.
func LoadKeys(file string, getenv func(string) string) (Keys, error) {
	if file == "" {
		k := Keys{getenv("AWS_ACCESS_KEY_ID"), getenv("AWS_SECRET_ACCESS_KEY"), getenv("AWS_SESSION_TOKEN")}
		if k.ID == "" || k.Secret == "" {
			return k, diag.Refuse("no-keys", diag.Say("there are no keys for the store"),
				diag.Say("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, or name a file with `credentials:`; never write them into daybreak.yaml."))
		}
		return k, nil
	}
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return Keys{}, diag.Refuse("no-keys", diag.Say("the file with the store's keys, %q, is not there", file),
			diag.Say("it holds the lines aws_access_key_id = … and aws_secret_access_key = …; keep it out of git."))
	}
	if err != nil {
		return Keys{}, fmt.Errorf("reading the store's keys: %w", err)
	}
	var k Keys
	section := "default"
	for scan := bufio.NewScanner(bytes.NewReader(data)); scan.Scan(); {
		line := strings.TrimSpace(scan.Text())
		if name, ok := strings.CutPrefix(line, "["); ok {
			section = strings.TrimSpace(strings.TrimSuffix(name, "]"))
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if !ok || section != "default" || strings.HasPrefix(line, "#") {
			continue
		}
		value = strings.TrimSpace(value)
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "aws_access_key_id":
			k.ID = value
		case "aws_secret_access_key":
			k.Secret = value
		case "aws_session_token":
			k.Token = value
		}
	}
	if k.ID == "" || k.Secret == "" {
		// What stands in the file is never quoted.
		return k, diag.Refuse("no-keys", diag.Say("the file %q holds no keys", file),
			diag.Say("it needs the lines aws_access_key_id = … and aws_secret_access_key = …, in the section [default] or none."))
	}
	return k, nil
}
