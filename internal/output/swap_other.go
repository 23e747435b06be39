//go:build !linux && !darwin

package output

import "errors"

func exchange(a, b string) error { return errors.ErrUnsupported }

func isMount(string) bool { return false }

func syncTree(string) error { return nil }
