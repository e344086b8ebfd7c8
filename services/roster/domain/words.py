"""What people in counties call kinds, sectors and positions beside their official labels."""

#: word -> kind of organisation
ORGANISATION_KINDS = {
    "县委员会": "county_committee", "中共县委": "county_committee", "县(市、区)委": "county_committee", "市委": "county_committee",
    "区委": "county_committee",
    "党工委": "committee", "工委": "committee", "党的委员会": "committee", "党委会": "committee", "党委员会": "committee",
    "基层党委": "committee", "机关党委": "committee", "机关工委": "committee", "镇党委": "committee", "乡党委": "committee",
    "乡镇党委": "committee", "街道党工委": "committee", "二级党委": "committee",
    "党组(党委)": "leading_group",
    "总支": "general_branch", "总支部": "general_branch", "党总支部": "general_branch",
    "支部": "branch", "村党支部": "branch", "联合支部": "branch.joint", "临时支部": "branch.temporary",
    "功能型支部": "branch.functional", "功能性党支部": "branch.functional", "机关党支部": "branch", "社区党支部": "branch",
    "小组": "group", "党组织小组": "group",
}

#: word -> sector
SECTORS = {
    "村": "rural", "行政村": "rural", "农业农村": "rural", "居委会": "community", "城市社区": "community", "街道社区": "community",
    "国企": "state_enterprise", "国有": "state_enterprise", "国有独资企业": "state_enterprise", "国有控股企业": "state_enterprise",
    "高校": "university", "大学": "university", "学校": "school", "中小学": "school", "职校": "school", "中小学校": "school",
    "教育": "school", "幼儿园": "school",
    "党政机关": "government", "机关单位": "government", "行政机关": "government", "政府机关": "government",
    "事业": "institution", "公共机构": "institution",
    "医院": "healthcare", "卫生": "healthcare", "医疗": "healthcare", "卫生院": "healthcare", "医疗卫生单位": "healthcare",
    "科研院所": "research", "科研单位": "research", "科研机构": "research", "文化单位": "culture",
    "非公": "private_enterprise", "非公有制企业": "private_enterprise", "民营企业": "private_enterprise",
    "民企": "private_enterprise", "私营企业": "private_enterprise",
    "新社会组织": "social_organisation", "社团": "social_organisation", "社会团体": "social_organisation",
    "民办非企业": "social_organisation", "窗口": "window", "服务窗口": "window", "窗口服务单位": "window",
}

#: word -> kind of member
MEMBER_KINDS = {
    "党员": "member", "正式": "member", "中共党员": "member", "预备": "probationary", "中共预备党员": "probationary",
    "积极分子": "activist", "群众干部": "cadre", "非中共党员干部": "cadre", "党外干部": "cadre",
}

#: word -> kind of post
POST_KINDS = {
    "领导": "leader", "领导人员": "leader", "班子成员": "leader", "村干部": "leader", "党员领导干部": "leader",
    "在职": "staff", "职工": "staff", "在岗职工": "staff", "在职党员": "staff", "工作人员": "staff", "一般干部": "staff",
    "无职": "without", "无职务": "without", "离休": "retired", "退休": "retired", "离退休党员": "retired", "退休党员": "retired",
    "学生党员": "student", "三老": "elder", "老党员": "elder", "业主": "owner", "业主党员": "owner",
}

#: word -> position
POSITIONS = {
    "党支部书记": "secretary", "支部书记": "secretary", "党委书记": "secretary", "党总支书记": "secretary", "支书": "secretary",
    "主持工作副书记": "deputy_in_charge", "副书记(主持工作)": "deputy_in_charge",
    "驻村第一书记": "first_secretary", "党支部第一书记": "first_secretary",
    "党支部副书记": "deputy", "支部副书记": "deputy", "党委副书记": "deputy", "专职副书记": "deputy",
    "支部委员": "committee", "党支部委员": "committee", "党委委员": "committee", "支委": "committee", "组织委员": "committee",
    "宣传委员": "committee", "纪检委员": "committee", "党务材料员": "clerk", "党务联络员": "liaison",
}
