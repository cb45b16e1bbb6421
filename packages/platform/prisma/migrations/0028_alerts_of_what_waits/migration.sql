-- What other capabilities tell of is looked at as soon as it moves: changes that wait for an approval, and quantities of metrics,
-- each of which makes a version of its metric.
create trigger change_request_alerts after insert or update of state on change_request
  for each row execute function ask_for_alerts_of_row();
create trigger unit_metric_alerts after insert or update on unit_metric
  for each row execute function ask_for_alerts_of_row();
