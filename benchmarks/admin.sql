-- A house with :people people and a year behind it, written by the database itself.

INSERT INTO accounts_user (password, is_superuser, email, name, is_staff, is_active, date_joined)
SELECT '', false, 'person' || i || '@example.org', 'Person ' || i, false, true, now() FROM generate_series(1, :people) i;

INSERT INTO documents_budget (owner_id, monthly_usd)
SELECT id, 20 FROM accounts_user WHERE id % 3 = 0;

INSERT INTO documents_document (id, owner_id, title, filename, file, sha256, size, media_type, content, content_sha256,
  language, status, progress, page_count, unread_pages, pages_read, unread, notes, hidden_text, depth, error_code, error,
  created_at, updated_at)
SELECT md5('document' || i)::uuid, 1 + i % :people, 'Lease ' || i, 'lease.pdf', 'originals/x', md5(i::text) || md5(i::text), 120000 + i,
  'application/pdf', repeat('The rent is due on the first day. ', 40), 'x', 'en',
  CASE WHEN i % 50 = 0 THEN 'failed' ELSE 'ready' END, 1, 12, '[]', 12,
  CASE WHEN i % 60 = 1 THEN '[{"page": 2, "kind": "unreadable", "reason": "x"}]'::jsonb ELSE '[]'::jsonb END, '[]', false, 0,
  CASE WHEN i % 50 = 0 THEN (ARRAY['damaged', 'encrypted', 'no_text'])[1 + i % 3] ELSE '' END,
  CASE WHEN i % 50 = 0 THEN 'The file is damaged.' ELSE '' END, moment, moment
FROM generate_series(1, :documents) i, LATERAL (SELECT now() - (:documents - i) * interval '365 days' / :documents AS moment);

INSERT INTO documents_run (id, owner_id, name, not_urgent, created_at)
SELECT md5('run' || i)::uuid, 1 + i % :people, 'Rents', false, now() - (5000 - i) * interval '1 hour' FROM generate_series(1, 5000) i;

INSERT INTO documents_job (kind, subject, owner_id, state, attempts, fence, lease_until, run_after, progress, options, error,
  created_at, finished_at)
SELECT CASE WHEN i % 20000 = 0 THEN 'batch' ELSE (ARRAY['read', 'analyse', 'answer'])[1 + i % 3] END, md5('subject' || i)::uuid, 1 + i % :people,
  state, 1, 1, CASE WHEN state = 'running' THEN now() + interval '1 minute' END, moment, 1, '{}',
  CASE WHEN state IN ('failed', 'quarantined') THEN (ARRAY['The file is damaged and could not be read.', 'The work took too long.',
    'The model has not been answering: ' || i % 500 || ' overloaded'])[1 + i % 3] ELSE '' END,
  moment, CASE WHEN state NOT IN ('queued', 'running') THEN moment + interval '20 seconds' END
FROM generate_series(1, :each) i,
  LATERAL (SELECT now() - (:each - i) * interval '365 days' / :each AS moment,
    CASE WHEN i > :each - 20 THEN 'running' WHEN i > :each - 5000 THEN 'queued' WHEN i % 40 = 0 THEN 'failed'
      WHEN i % 90 = 1 THEN 'quarantined' ELSE 'done' END AS state);

INSERT INTO documents_analysis (id, owner_id, document_id, inline_text, title, run_id, task, instruction, labels, language, max_tokens,
  status, progress, provider, model, prompt_version, text_sha256, truncated, result, error_code, error, created_at, finished_at)
SELECT md5('subject' || i)::uuid, 1 + i % :people, md5('document' || 1 + i % :documents)::uuid, '', 'Lease ' || i,
  md5('run' || 1 + i % 5000)::uuid, 'summary', '', '[]', '', 2048,
  CASE WHEN i % 100 = 0 THEN 'failed' ELSE 'done' END, 1, 'claude', 'claude-haiku-5-5', '1', '', false,
  jsonb_build_object('text', repeat('The rent is due. ', 20)), '', CASE WHEN i % 100 = 0 THEN 'It failed.' ELSE '' END, moment, moment
FROM generate_series(1, :each) i, LATERAL (SELECT now() - (:each - i) * interval '365 days' / :each AS moment);

INSERT INTO documents_citation (analysis_id, ordinal, document_id, title, quote, verified, start, "end", page, boxes, anchor, text_sha256)
SELECT md5('subject' || i)::uuid, 0, md5('document' || 1 + i % :documents)::uuid, 'Lease', 'The rent is due', true, 0, 15, 1, '[]', '', ''
FROM generate_series(1, :each) i;

INSERT INTO documents_aicall (owner_id, subject, fence, step, provider, model, state, request_id, input_tokens, output_tokens,
  cache_read_tokens, cache_write_tokens, cost, price_version, error_code, created_at)
SELECT 1 + i % :people, md5('subject' || i)::uuid, 1, 0, 'claude', CASE WHEN i % 5 = 0 THEN 'claude-haiku-5-5' ELSE 'claude-haiku-4-5-20251001' END,
  'answered', 'req_' || i, 3000, 400, 0, 0, 0.0123, '2026-11', '', now() - (:each - i) * interval '365 days' / :each
FROM generate_series(1, :each) i;

INSERT INTO documents_passage (document_id, owner_id, ordinal, start, "end", pages, heading_path, sentences, text, embedding,
  embedding_model, terms, terms_version)
SELECT md5('document' || 1 + i % :documents)::uuid, 1 + i % :people, i / :documents, 0, 100, '{1}', '{}', '[[0, 100]]',
  repeat('The rent is due. ', 6), array_fill(0.05::real, ARRAY[384])::vector::halfvec(384), 'all-MiniLM-L6-v2', '{1:1}/1000000000', '1'
FROM generate_series(1, :each) i;
