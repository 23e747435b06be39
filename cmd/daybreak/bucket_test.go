package main

import (
	"net/http/httptest"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/rogpeppe/go-internal/testscript"
)

// storeCommand is `s3 BUCKET…` in scripts: an S3 server with these buckets on
// this machine, whose address is then in $S3.
func storeCommand(ts *testscript.TestScript, neg bool, buckets []string) {
	if neg || len(buckets) == 0 {
		ts.Fatalf("it is s3 BUCKET…")
	}
	backend := s3mem.New()
	for _, b := range buckets {
		ts.Check(backend.CreateBucket(b))
	}
	server := httptest.NewServer(gofakes3.New(backend).Server())
	ts.Defer(server.Close)
	ts.Setenv("S3", server.URL)
}
