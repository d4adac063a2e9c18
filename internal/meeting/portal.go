package meeting

// nonceAnswer answers 4.7.
type nonceAnswer struct {
	Nonce string `json:"nonce"`
}

// portalNonce is 4.7: a word that signs the caller in at the portal once.
func (m *meeting) portalNonce(c *call) (any, error) {
	nonce, err := m.o.Directory.IssuePortalNonce(c.r.Context(), c.bearer.Token)
	if err != nil {
		return nil, err
	}
	return nonceAnswer{Nonce: nonce}, nil
}
