-- Lots that live on with each activity of their owner: an activity reads them all, and an account
-- without any is not asked.

ALTER TABLE account ADD COLUMN far_sliding BIGINT NOT NULL DEFAULT 0;  -- of far_lots, those that slide
ALTER TABLE lot ADD COLUMN slides BIGINT NOT NULL DEFAULT 0;           -- 1: open, and it slides

CREATE INDEX lot_that_slides ON lot (programme, account) WHERE slides > 0;
