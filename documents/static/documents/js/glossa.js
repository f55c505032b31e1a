import { answer } from "./answer.js";
import { appearance } from "./appearance.js";
import { beside } from "./beside.js";
import { chosen } from "./chosen.js";
import { connection } from "./connection.js";
import { copy } from "./copy.js";
import { drop } from "./drop.js";
import { find } from "./find.js";
import { margin } from "./margin.js";
import { marks } from "./marks.js";
import { menus } from "./menus.js";
import { panel } from "./panel.js";
import { picking } from "./picking.js";
import { question } from "./question.js";
import { rows } from "./rows.js";
import { search } from "./search.js";
import { sheets } from "./sheets.js";

for (const begin of [answer, appearance, beside, chosen, connection, copy, drop, find, margin, marks, menus, panel, picking, question, rows, search, sheets]) begin();
