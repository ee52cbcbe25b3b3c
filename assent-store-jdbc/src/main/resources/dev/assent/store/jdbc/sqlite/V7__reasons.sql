-- Which of the reasons that the terms name a decision was made for.
ALTER TABLE ${prefix}decision ADD COLUMN reason TEXT;
