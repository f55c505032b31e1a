import { answer } from "./answer.js";
import { appearance } from "./appearance.js";
import { beside } from "./beside.js";
import { connection } from "./connection.js";
import { copy } from "./copy.js";
import { drop } from "./drop.js";
import { margin } from "./margin.js";
import { marks } from "./marks.js";
import { menus } from "./menus.js";
import { peek } from "./peek.js";
import { picking } from "./picking.js";
import { question } from "./question.js";
import { rows } from "./rows.js";
import { search } from "./search.js";

for (const begin of [answer, appearance, beside, connection, copy, drop, margin, marks, menus, peek, picking, question, rows, search]) begin();
