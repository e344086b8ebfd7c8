"""What a browser says it is, in a few words a person recognises: 谷歌浏览器 · Windows."""
import re

#: more particular ones first: they all also call themselves Chrome or Safari
BROWSERS = (("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("Edg", "Edge 浏览器"), ("QQBrowser", "QQ 浏览器"), ("360", "360 浏览器"),
            ("Firefox", "火狐浏览器"), ("HeadlessChrome", "谷歌浏览器"), ("Chrome", "谷歌浏览器"), ("Safari", "Safari 浏览器"))
SYSTEMS = (("Android", "安卓手机"), ("iPhone", "苹果手机"), ("iPad", "苹果平板"), ("HarmonyOS", "鸿蒙"), ("Windows", "Windows"),
           ("Mac OS X", "苹果电脑"), ("Linux", "Linux"))
#: what another program may call itself on our page
PLAIN = re.compile(r"[^\w .,/:;()+-]", re.ASCII)


def device_of(said: str, kind: str) -> str:
    """``kind``: browser or bearer (a program)."""
    if kind == "bearer":
        return f"接口程序 {PLAIN.sub('', said)[:40]}".strip()
    found = [next((word for mark, word in marks if mark in said), "") for marks in (BROWSERS, SYSTEMS)]
    return " · ".join(word for word in found if word) or "没有说明的浏览器"
