package main

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestTheAppSaysItsVersion(t *testing.T) {
	answer := httptest.NewRecorder()
	newHandler().ServeHTTP(answer, httptest.NewRequest("GET", "/", nil))
	if !strings.Contains(answer.Body.String(), `"version":"`+Version+`"`) {
		t.Fatalf("unexpected answer: %s", answer.Body.String())
	}
}
