"""The catalogue of ingestion's rules: what clerks read when a cell, a row or a file is not right.

``reason`` says what is wrong, ``remedy`` exactly what to do; both are filled with what is known of
the place (``header``, ``value``, …). Rules of repairs need a title only: nothing is to be done.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One reason to refuse a cell, a row or a file."""

    title: str
    reason: str
    remedy: str


FAULTS = {
    "required.missing": Rule(
        "必填项为空",
        "“{header}”是必填项，此处为空。",
        "请补填；数值确实没有的填 0（空白表示“不知道”，不等于 0）。",
    ),
    "number.invalid": Rule(
        "不是数字", "“{header}”应为数字，填的是“{value}”。", "请只填数字，说明文字写到备注栏。"
    ),
    "number.approximate": Rule(
        "约数", "“{header}”填的是约数“{value}”，系统不取舍。", "请填写核实后的准确数字。"
    ),
    "number.interval": Rule(
        "区间", "“{header}”填的是区间“{value}”，系统不取舍。", "请填写核实后的一个准确数字。"
    ),
    "number.percent": Rule(
        "不应为百分数",
        "“{header}”应为数量，填的是百分数“{value}”。",
        "请填写实际数量，不填百分比。",
    ),
    "number.scientific": Rule(
        "科学计数法",
        "“{header}”被显示成科学计数法“{value}”，尾数可能已丢失。",
        "请把该列设为“数值”格式，填写完整数字后重新导出。",
    ),
    "number.unit": Rule(
        "单位不符",
        "“{header}”的单位应为“{unit}”，“{value}”带的单位不能换算。",
        "请按“{unit}”填写，单元格内只留数字。",
    ),
    "number.fraction": Rule(
        "应为整数", "“{header}”应为整数，填的是“{value}”。", "请核对后填写整数。"
    ),
    "number.too_large": Rule(
        "数字过大", "“{header}”的数字“{value}”超出可能的位数。", "请核对是否多输了位数或单位有误。"
    ),
    "range.minimum": Rule(
        "低于下限",
        "“{header}”的“{value}”低于允许的最小值 {minimum}。",
        "请核对数字和单位（应为“{unit}”），改正后重报。",
    ),
    "range.maximum": Rule(
        "超过上限",
        "“{header}”的“{value}”超过允许的最大值 {maximum}。",
        "请核对数字和单位（应为“{unit}”），改正后重报。",
    ),
    "pattern.mismatch": Rule(
        "格式不符", "“{header}”的“{value}”不符合规定格式。", "请按填表说明的格式填写。"
    ),
    "formula.uncalculated": Rule(
        "公式未计算",
        "“{header}”是公式，但文件里没有保存计算结果；系统不代为计算。",
        "请在 Excel/WPS 中打开，按 F9 重算并保存，或“复制→选择性粘贴→数值”后重报。",
    ),
    "formula.error": Rule(
        "公式出错",
        "“{header}”是公式错误值（如 #N/A、#REF!）。",
        "请改正公式或直接填入数值；确无数据的留空。",
    ),
    "date.invalid": Rule(
        "不是有效日期",
        "“{header}”的“{value}”不是有效日期。",
        "请按“2024-03-15”（只到月的按“2024-03”）填写。",
    ),
    "date.ambiguous": Rule(
        "日期有歧义",
        "“{header}”的“{value}”可有两种读法（如 2023.1 可能是 1 月或 10 月）。",
        "请按“2024-03-15”（只到月的按“2024-03”）填写，并把单元格设为文本或日期格式。",
    ),
    "date.no_day": Rule(
        "日期缺少日", "“{header}”应写到日，填的是“{value}”。", "请补上具体日期，如“2024-03-15”。"
    ),
    "date.interval": Rule(
        "日期区间",
        "“{header}”应为一个日期，填的是区间“{value}”。",
        "请只填一个日期；起止时间分别填到对应的列。",
    ),
    "period.outside": Rule(
        "不属于本季度",
        "“{header}”的“{value}”不在所报的{quarter}内。",
        "请删除该行；确属其他季度的，请更正并整份重报那个季度的表。",
    ),
    "boolean.invalid": Rule(
        "应填是或否", "“{header}”应填“是”或“否”，填的是“{value}”。", "请改填“是”或“否”。"
    ),
    "code.unknown": Rule(
        "不在选项中", "“{header}”的“{value}”不在规定选项中。", "请从以下选项中选填：{options}。"
    ),
    "county.unknown": Rule(
        "不认识的县区",
        "“{header}”的“{value}”不是宁夏 22 个县（市、区）之一。",
        "请填写县（市、区）全称，如“海原县”。",
    ),
    "county.not_sender": Rule(
        "不是本县的行",
        "“{header}”填的是“{value}”，与填报单位不一致。",
        "请删除外县的行，由所在县报送；如填错县名请改正。",
    ),
    "village.unknown": Rule(
        "不认识的行政村",
        "在所填县和乡镇下找不到“{value}”。",
        "请核对乡镇和行政村名称（按统计用区划代码的现行名称），或直接填 12 位区划代码。",
    ),
    "village.ambiguous": Rule(
        "行政村不唯一",
        "所填县和乡镇下有不止一个“{value}”。",
        "请写全称（如“某某村委会”“某某社区”）并填准乡镇，或直接填 12 位区划代码。",
    ),
    "indicator.unknown": Rule(
        "不认识的指标编码",
        "“{header}”的“{value}”不在指标目录中。",
        "请按指标目录填写编码，如“M01-01”。",
    ),
    "id.number_typed": Rule(
        "证件号码存成了数字",
        "“{header}”存成了数字，第 16 位以后已被 Excel 改成 0，无法恢复（原值不显示）。",
        "请把该列设为“文本”格式，重新录入或从系统重新导出完整号码。",
    ),
    "id.truncated": Rule(
        "证件号码末三位丢失",
        "“{header}”末三位为 000 且校验不符，应是曾存成数字而丢失。",
        "请把该列设为“文本”格式，重新录入或从系统重新导出完整号码。",
    ),
    "id.masked": Rule(
        "证件号码被遮盖",
        "“{header}”中间各位被 * 遮盖，无法比对。",
        "请报送完整号码；系统接收时即转为密文，不保存原号。",
    ),
    "id.length": Rule(
        "证件号码位数不对",
        "“{header}”应为 18 位（残疾人证 20 位），现为 {length} 位。",
        "请按居民身份证核对并补全号码。",
    ),
    "id.birthday": Rule(
        "证件号码出生日期无效",
        "“{header}”第 7 至 14 位不是有效日期。",
        "请按居民身份证核对号码。",
    ),
    "id.check_digit": Rule(
        "证件号码校验位不符",
        "“{header}”最后一位与前 17 位不符，号码有误。",
        "请按居民身份证逐位核对号码。",
    ),
    "household.invalid": Rule(
        "户编号无效",
        "“{header}”的“{value}”不是有效的户编号。",
        "请从系统导出户编号，以文本格式粘贴。",
    ),
    "text.number_typed": Rule(
        "编号存成了数字",
        "“{header}”超过 15 位却存成了数字，尾数已丢失，无法恢复。",
        "请把该列设为“文本”格式后重新录入或导出。",
    ),
    "row.stray": Rule(
        "无法识别的行",
        "该行既不是数据，也不是合计、说明或签字行。",
        "请删除该行，或补全各必填列。",
    ),
    "row.shape": Rule(
        "列数与表头不符",
        "该行比表头多出若干列，数值可能错位（如数字中的逗号未加引号）。",
        "请用 Excel 工作簿（*.xlsx）报送，或去掉数字中的逗号。",
    ),
    "key.conflict": Rule(
        "同一编号多行且内容不同",
        "第 {others} 行与本行的“{header}”相同，但内容不同。",
        "请核对后只保留一行正确的。",
    ),
    "sum.mismatch": Rule(
        "合计与分项不符",
        "“{header}”填报 {value}，按分项计算应为 {expected}。",
        "请核对分项和合计，改正后重报（容许误差 {tolerance} 元）。",
    ),
}
"""Reasons to put a row into quarantine."""

REJECTIONS = {
    "sheet.none_matched": Rule(
        "没有符合的表",
        "文件里没有《{title}》：找不到它的表头（最接近的工作表“{sheet}”缺少：{missing}）。",
        "请用下发的《{title}》模板填报，不要改动表头。",
    ),
    "header.missing_columns": Rule(
        "缺少必填列",
        "工作表“{sheet}”缺少必填列：{missing}。",
        "请补上所缺的列（列名照模板），逐行填写后重报。",
    ),
    "header.duplicate": Rule(
        "列重复且内容不同",
        "工作表“{sheet}”的“{header}”出现了不止一次，各列内容不同，无法确定以哪列为准。",
        "请只保留一列正确的，删除其余重复列。",
    ),
    "unit.unknown": Rule(
        "单位不能换算",
        "工作表“{sheet}”的“{header}”标注单位为“{value}”，不能换算成规定的单位“{unit}”。",
        "请按规定单位“{unit}”填报，并改正表头或标题中的单位。",
    ),
    "unit.suspected": Rule(
        "疑为万元未标注",
        "金额单位按元接收，但 {count} 个金额中有 {fine} 个带三位以上小数，疑为万元而未标注。",
        "请在标题行注明“单位：万元”，或换算成元后重报。",
    ),
    "file.no_rows": Rule(
        "没有数据行", "表头下面没有任何数据行。", "请核对文件是否导出完整；确无数据请电话说明。"
    ),
    "file.wrong_sender": Rule(
        "填报单位不符",
        "文件按“{sender}”接收，内容却是“{found}”的。",
        "请核对是否放错文件；改正文件名或标题、填报单位后重报。",
    ),
    "file.wrong_quarter": Rule(
        "季度不符",
        "文件按“{expected}”接收，标题写的却是“{found}”。",
        "请核对是否放错文件；改正文件名或标题中的季度后重报。",
    ),
    "file.cumulative": Rule(
        "报成了累计数",
        "《{title}》只报本季度发生数，标题写的却是累计（{found}）。",
        "请只保留{expected}发生的记录，改正标题后重报。",
    ),
    "file.other_period": Rule(
        "内容不是本季度的",
        "文件按“{expected}”接收，{rows} 行中却有 {outside} 行的“{header}”不在该季度"
        "（最多的在{found}）。",
        "请核对是否放错文件，或报成了累计数；只保留{expected}发生的记录后重报。",
    ),
    "file.too_many_faults": Rule(
        "有问题的行过多",
        "{rows} 行中有 {faulty} 行有问题，超过允许的 {share}，整份退回。",
        "请按所列问题逐一改正后整份重报；此前已接收的版本继续有效。",
    ),
    "file.shrunk": Rule(
        "行数骤减",
        "本次只有 {rows} 行，不到已接收版本（{current} 行）的一半，疑为只报了变动的行。",
        "更正也要整份重报（包括没有变动的行）；此前已接收的版本继续有效。",
    ),
    "file.failed": Rule(
        "系统无法处理",
        "处理该文件时发生意外（{error}），已原样存档。",
        "请与系统管理员联系，告知本回执编号。",
    ),
}
"""Reasons to send a whole file back; reasons of unreadable files come with the reader's refusal."""

REPAIRS = {
    "null.spelling": "空值写法（—、/、无、暂无、不详等）按空白处理",
    "number.spelling": "数字写法统一（全角、千位分隔符、空格、单位字样、括号负数）",
    "number.wan": "“万”“千”字样换算成数字",
    "number.percent_converted": "百分数换算成小数",
    "number.rounded": "小数位过多，四舍五入",
    "unit.converted": "按标注的单位换算",
    "date.spelling": "日期写法统一",
    "date.serial": "Excel 日期序号换算成日期",
    "boolean.spelling": "√、×、1、0、Y、N、有、无等按是否处理",
    "id.spelling": "证件号码去空格、全角转半角、小写 x 改大写",
    "id.from_15": "15 位旧号码升为 18 位",
    "id.disability_card": "残疾人证号取前 18 位身份证号",
    "household.spelling": "户编号去空格、全角转半角、统一大写",
    "household.number_typed": "数字格式的户编号转为文本",
    "text.masked": "文字中的证件号码已遮盖",
    "rows.filled": "合并单元格或省略不写的名称向下补齐",
    "rows.duplicate": "内容完全相同的重复行只保留一行",
    "rows.repeated_header": "数据中重复出现的表头行已略过",
    "header.duplicate_column": "内容完全相同的重复列只取一列",
    "header.unknown_column": "表中多出的列不予接收",
    "sheet.hidden": "隐藏的工作表未读取",
    "sheet.unmatched": "与本表无关的工作表未读取",
}
"""What is mended by rule; the last three are notices, nothing in the data was changed."""
