SELECT "switches_off"."name", "switches_off"."since" FROM "switches_off"
