-- What an operator can turn off at the edge: "maintenance" with the sentence that everybody gets, "live-updates" with "off".
create table flag (
  name text primary key,
  value text not null
);
