package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/microgalleries/actionday/graph/fault"
	"github.com/microgalleries/actionday/graph/limits"
)

// refusal is why a request is not understood.
type refusal struct {
	status int
	err    *gqlerror.Error
}

func badRequest(sentence string) *refusal {
	return &refusal{http.StatusBadRequest, fault.New(fault.BadRequest, "%s", sentence)}
}

// params reads what is asked from the address of a GET or the body of a POST.
func (h *Handler) params(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, *refusal) {
	params := &graphql.RawParams{}
	var no *refusal
	if r.Method == http.MethodGet {
		no = fromQuery(r.URL.RawQuery, params)
	} else {
		no = h.fromBody(w, r, params)
	}
	if no != nil {
		return nil, no
	}
	if params.Query == "" {
		return nil, badRequest("The request has no `query`.")
	}
	params.Headers = r.Header
	now := graphql.Now()
	params.ReadTime = graphql.TraceTiming{Start: now, End: now}
	return params, nil
}

func fromQuery(raw string, params *graphql.RawParams) *refusal {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return badRequest("The address holds parameters that cannot be read.")
	}
	for name, given := range values {
		if len(given) > 1 {
			return badRequest("The address says `" + strings.ToValidUTF8(name, "") + "` twice.")
		}
	}
	params.Query, params.OperationName = values.Get("query"), values.Get("operationName")
	for name, target := range map[string]*map[string]any{"variables": &params.Variables, "extensions": &params.Extensions} {
		text := values.Get(name)
		if text == "" {
			continue
		}
		if err := limits.CheckBody([]byte(text)); err != nil {
			return &refusal{http.StatusBadRequest, err}
		}
		if err := decode([]byte(text), target); err != nil {
			return badRequest("`" + name + "` must be a JSON object.")
		}
	}
	return nil
}

func (h *Handler) fromBody(w http.ResponseWriter, r *http.Request, params *graphql.RawParams) *refusal {
	if !isJSON(r.Header.Get("Content-Type")) {
		w.Header().Set("Accept-Post", jsonMedia)
		return &refusal{
			http.StatusUnsupportedMediaType,
			fault.New(fault.BadRequest, "Please send %s in UTF-8.", jsonMedia),
		}
	}
	body, no := h.body(w, r)
	if no != nil {
		return no
	}
	if err := limits.CheckBody(body); err != nil {
		return &refusal{http.StatusBadRequest, err}
	}
	if trimmed := bytes.TrimLeft(body, " \t\r\n"); len(trimmed) > 0 && trimmed[0] == '[' {
		return badRequest("Please send one operation a request.")
	}
	if err := decode(body, params); err != nil {
		return badRequest("The body must be a JSON object with a `query` and, if you like, `operationName` and `variables`.")
	}
	return nil
}

// body reads all of a body that may be slow, too long or without end.
func (h *Handler) body(w http.ResponseWriter, r *http.Request) ([]byte, *refusal) {
	// Not every ResponseWriter has deadlines; the server's own then holds.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(readLimit))
	most := int64(limits.MaxAnonymousBody)
	if h.Known(r.Context()) {
		most = limits.MaxBody
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	var tooLong *http.MaxBytesError
	if errors.As(err, &tooLong) {
		return nil, &refusal{
			http.StatusRequestEntityTooLarge,
			fault.New(fault.BadRequest, "A request has at most %d bytes.", most),
		}
	}
	if err != nil {
		return nil, badRequest("The body could not be read.")
	}
	return body, nil
}

func isJSON(contentType string) bool {
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil || media != jsonMedia {
		return false
	}
	charset := strings.ToLower(params["charset"])
	return charset == "" || charset == "utf-8"
}

// decode reads one JSON value and nothing after it. Numbers keep all their digits.
func decode(raw []byte, target any) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if err := decoder.Decode(target); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one value")
	}
	return nil
}
