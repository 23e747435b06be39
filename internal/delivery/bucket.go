package delivery

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"daybreak/internal/diag"
)

// Bucket is a place in an S3-compatible object store
// (https://docs.aws.amazon.com/AmazonS3/latest/API/).
type Bucket struct {
	Endpoint string // absolute address of the store
	Bucket   string
	Prefix   string // folder inside the bucket, without slashes at its ends; "" for the whole bucket
	Region   string
	Keys     Keys

	HTTP *http.Client  // nil for one with the time-outs of this package
	Wait time.Duration // before the second try of a request; doubles. 0 for half a second
}

// Keys are what requests are signed with. They print as stars.
type Keys struct{ ID, Secret, Token string }

// String hides the keys from messages and logs.
func (Keys) String() string { return "***" }

// GoString hides them from %#v too.
func (Keys) GoString() string { return "***" }

// object is one object of a listing.
type object struct {
	Key  string `xml:"Key"`
	ETag string `xml:"ETag"` // in quotes; the content's MD5 in hex where the store doesn't encrypt
	Size int64  `xml:"Size"`
}

// sum is the MD5 that the store says the object has, "" where it doesn't say.
func (o object) sum() string { return etagSum(o.ETag) }

func etagSum(etag string) string {
	etag = strings.ToLower(strings.Trim(etag, `"`))
	if _, err := hex.DecodeString(etag); err != nil || len(etag) != md5.Size*2 {
		return ""
	}
	return etag
}

const (
	tries       = 5
	patience    = 60 * time.Second // for one request
	maxAnswer   = 32 << 20
	sumHeader   = "X-Amz-Meta-Daybreak-Sha256"
	contentHash = "X-Amz-Content-Sha256"
	encrypted   = "X-Amz-Server-Side-Encryption" // such an object's ETag may be anything
)

// answer is what a store said.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// refused is what a store says where it doesn't do what it was asked.
type refused struct {
	status        int
	Code, Message string
}

func (r *refused) Error() string {
	text := fmt.Sprintf("the store answers %d", r.status)
	if r.Code != "" {
		text += " " + r.Code
	}
	if r.Message != "" {
		text += ": " + r.Message
	}
	return text
}

// passing reports whether the same request may go through later.
func (r *refused) passing() bool {
	return r.status >= 500 || r.status == http.StatusTooManyRequests || r.status == http.StatusRequestTimeout
}

// do sends a request, again where the failure may pass.
func (b *Bucket) do(ctx context.Context, method, key string, query url.Values, header http.Header, body []byte) (answer, error) {
	wait := b.Wait
	if wait == 0 {
		wait = 500 * time.Millisecond
	}
	var last error
	for try := range tries {
		if try > 0 {
			select {
			case <-ctx.Done():
				return answer{}, ctx.Err()
			case <-time.After(wait):
			}
			wait *= 2
		}
		a, err := b.once(ctx, method, key, query, header, body)
		var no *refused
		if err == nil || ctx.Err() != nil || errors.As(err, &no) && !no.passing() {
			return a, err
		}
		last = err
	}
	return answer{}, fmt.Errorf("%d tries: %w", tries, last)
}

func (b *Bucket) once(ctx context.Context, method, key string, query url.Values, header http.Header, body []byte) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	address, err := b.address(key)
	if err != nil {
		return answer{}, err
	}
	// The signature wants blanks as %20, where a form has +.
	address.RawQuery = strings.ReplaceAll(query.Encode(), "+", "%20")
	req, err := http.NewRequestWithContext(ctx, method, address.String(), bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	req.URL = address // NewRequest would forget how the path is written
	for k, v := range header {
		req.Header[k] = v
	}
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:])
	req.Header.Set(contentHash, hash)
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true }) // S3 signs the path as it is sent
	keys := aws.Credentials{AccessKeyID: b.Keys.ID, SecretAccessKey: b.Keys.Secret, SessionToken: b.Keys.Token}
	if err := signer.SignHTTP(ctx, keys, req, hash, "s3", b.Region, time.Now()); err != nil {
		return answer{}, fmt.Errorf("signing a request: %w", err)
	}
	client := b.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	still := *client
	// A signature holds for one address: following would only fail less clearly.
	still.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := still.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	if err != nil {
		return answer{}, fmt.Errorf("reading the store's answer: %w", err)
	}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		no := &refused{status: res.StatusCode}
		_ = xml.Unmarshal(data, no) // some stores send a page instead
		no.Code, no.Message = short(no.Code), short(no.Message)
		return answer{}, no
	}
	return answer{res.StatusCode, res.Header, data}, nil
}

func short(s string) string {
	s = diag.Printable(strings.Join(strings.Fields(s), " "))
	return s[:min(len(s), 200)]
}

// address gives the address of a key, "" for the bucket itself, with everything
// escaped that S3 counts as such: more than addresses need.
func (b *Bucket) address(key string) (*url.URL, error) {
	u, err := url.Parse(b.Endpoint)
	if err != nil {
		return nil, fmt.Errorf("the store's address %q: %w", b.Endpoint, err)
	}
	u.Path = strings.TrimSuffix(u.Path, "/") + "/" + b.Bucket
	if key != "" {
		u.Path += "/" + b.join(key)
	}
	var raw strings.Builder
	for i := range len(u.Path) {
		c := u.Path[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~/", c) >= 0 {
			raw.WriteByte(c)
		} else {
			fmt.Fprintf(&raw, "%%%02X", c)
		}
	}
	u.RawPath = raw.String()
	return u, nil
}

func (b *Bucket) join(key string) string {
	if b.Prefix == "" {
		return key
	}
	return b.Prefix + "/" + key
}

// put stores an object.
func (b *Bucket) put(ctx context.Context, key string, data []byte) error {
	sum, md := sha256.Sum256(data), md5.Sum(data)
	h := http.Header{}
	h.Set("Content-Type", kindOf(key))
	h.Set("Cache-Control", cacheOf(key))
	h.Set("Content-Md5", base64.StdEncoding.EncodeToString(md[:])) // the store refuses what arrives damaged
	h.Set(sumHeader, hex.EncodeToString(sum[:]))
	a, err := b.do(ctx, http.MethodPut, key, nil, h, data)
	if err != nil {
		return fmt.Errorf("bringing %s: %w", key, err)
	}
	if tag := etagSum(a.header.Get("Etag")); tag != "" && tag != md5Hex(data) && a.header.Get(encrypted) == "" {
		return fmt.Errorf("bringing %s: the store has kept something else", key)
	}
	return nil
}

// has asks whether an object is there with this very content.
func (b *Bucket) has(ctx context.Context, key string, data []byte) (bool, error) {
	a, err := b.do(ctx, http.MethodHead, key, nil, nil, nil)
	var no *refused
	if errors.As(err, &no) && no.status == http.StatusNotFound {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("asking for %s: %w", key, err)
	}
	if tag := etagSum(a.header.Get("Etag")); tag != "" && tag != md5Hex(data) && a.header.Get(encrypted) == "" {
		return false, nil
	}
	sum := sha256.Sum256(data)
	size, err := strconv.ParseInt(a.header.Get("Content-Length"), 10, 64)
	return err == nil && size == int64(len(data)) && a.header.Get(sumHeader) == hex.EncodeToString(sum[:]), nil
}

// get reads an object; nil where there is none.
func (b *Bucket) get(ctx context.Context, key string) ([]byte, error) {
	a, err := b.do(ctx, http.MethodGet, key, nil, nil, nil)
	var no *refused
	if errors.As(err, &no) && no.status == http.StatusNotFound && no.Code != "NoSuchBucket" {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", key, err)
	}
	return append([]byte{}, a.body...), nil
}

// remove deletes an object; one that isn't there is no error.
func (b *Bucket) remove(ctx context.Context, key string) error {
	if _, err := b.do(ctx, http.MethodDelete, key, nil, nil, nil); err != nil {
		return fmt.Errorf("deleting %s: %w", key, err)
	}
	return nil
}

// list gives all objects below the prefix, by their path below it.
func (b *Bucket) list(ctx context.Context) (map[string]object, error) {
	out := map[string]object{}
	query := url.Values{"list-type": {"2"}}
	prefix := ""
	if b.Prefix != "" {
		prefix = b.Prefix + "/"
		query.Set("prefix", prefix)
	}
	for {
		a, err := b.do(ctx, http.MethodGet, "", query, nil, nil)
		if err != nil {
			return nil, fmt.Errorf("listing the bucket: %w", err)
		}
		var page struct {
			Contents    []object `xml:"Contents"`
			IsTruncated bool     `xml:"IsTruncated"`
			Next        string   `xml:"NextContinuationToken"`
		}
		if err := xml.Unmarshal(a.body, &page); err != nil {
			return nil, fmt.Errorf("listing the bucket: the answer can't be read: %w", err)
		}
		for _, o := range page.Contents {
			if key, ok := strings.CutPrefix(o.Key, prefix); ok && key != "" {
				out[key] = o
			}
		}
		if !page.IsTruncated {
			return out, nil
		}
		if page.Next == "" || page.Next == query.Get("continuation-token") {
			return nil, errors.New("listing the bucket: the store says that there is more, but not where")
		}
		query.Set("continuation-token", page.Next)
	}
}
