// SPDX-License-Identifier: GPL-3.0-or-later
// Words of the backtest's page in both languages.

import { lang } from "./i18n";

const WORDS = {
  title: ["Backtest", "预测回测"],
  about: ["{n} origins, {s} days apart, {h} days ahead", "{n} 个起点，间隔 {s} 天，各预测 {h} 天"],
  totals: ["In total", "总体"],
  machines: ["By machine", "按设备"],
  chart: ["Forecast and what came", "预测与实际"],
  overrides: ["Planners' overrides", "人工修正"],
  withdrawal: ["withdrawals", "取款"],
  deposit: ["deposits", "存款"],
  days: ["days", "单日"],
  span_totals: ["{n}-day totals", "{n} 天合计"],
  code: ["Code", "编号"],
  name: ["Name", "名称"],
  segment: ["Segment", "分组"],
  flow: ["Flow", "方向"],
  span: ["Span", "跨度"],
  n: ["Scored", "计分数"],
  smape_pct: ["sMAPE %", "sMAPE %"],
  mase: ["MASE", "MASE"],
  wql: ["WQL", "WQL"],
  cover50_pct: ["In 50 %", "50 % 区间"],
  cover80_pct: ["In 80 %", "80 % 区间"],
  cover95_pct: ["In 95 %", "95 % 区间"],
  bias_pct: ["Bias %", "偏差 %"],
  score_hint: [
    "Median against what came; MASE: against the change since a week before. An honest 80 % interval holds 80 %.",
    "以中位数与实际相比；MASE 以周环比变化为单位。可靠的 80 % 区间应包含 80 % 的实际值。",
  ],
  origin: ["Forecast from", "预测起点"],
  actual: ["came", "实际"],
  hidden: ["came on a day with a fault, not scored", "故障日实际，不计分"],
  median: ["median", "中位数"],
  band: ["{p} % interval", "{p} % 区间"],
  no_chart: ["The days of this machine are not on the page; {n} are left out, those with the least demand.", "此页未包含该设备的逐日数据；略去需求最小的 {n} 项。"],
  pick: ["Pick a machine in the table.", "请在表中选择设备。"],
  all: ["All", "合计"],
  author: ["Author", "修正人"],
  reason: ["Reason", "原因"],
  override: ["Override", "修正"],
  point: ["Machine", "设备"],
  when: ["Days", "日期"],
  measured: ["Days measured", "计量天数"],
  without: ["Error without", "修正前误差"],
  with: ["Error with", "修正后误差"],
  gain: ["Gained", "改善"],
  gain_pct: ["Gained %", "改善 %"],
  none_given: ["(not given)", "（未填写）"],
  no_overrides: ["No override lies in the days looked at.", "回测期内没有人工修正。"],
  override_hint: [
    "Nearer to what came than the forecast alone: gained; farther: lost. Days reached by several origins count once.",
    "比单纯预测更接近实际为改善，反之为损失；被多个起点覆盖的日期只计一次。",
  ],
  any: ["any", "不限"],
  csv: ["CSV", "CSV"],
} as const;

export type BacktestWord = keyof typeof WORDS;

export function w(word: BacktestWord, values: Record<string, string | number> = {}): string {
  const text: string = WORDS[word][lang() === "zh" ? 1 : 0];
  return text.replace(/\{(\w+)\}/g, (whole, key: string) => (key in values ? String(values[key]) : whole));
}
