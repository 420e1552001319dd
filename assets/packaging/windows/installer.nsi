; The installer for one user: it asks for no administrator. Silent: /S, and /D=FOLDER as the last argument.
;
; installers.sh starts it where all files lie, as: makensis -NOCD -DVERSION=0.1.0 -DOUT=FILE installer.nsi

Unicode true
Target amd64-unicode
SetCompressor /SOLID lzma
; The two programs are nearly the same; a dictionary that holds one of them packs the other into nothing.
SetCompressorDictSize 64
ManifestDPIAware true
ManifestSupportedOS Win10

!include MUI2.nsh
!include StrFunc.nsh
!include WinMessages.nsh
!include FileFunc.nsh
${StrStr}
${UnStrRep}

!define NAME "Fragalysis Desktop"
!define MAKERS "The makers of Fragalysis Desktop"
; The name by which Windows knows the program; src/app/notify.rs has the same.
!define ID "uk.ac.diamond.xchem.fragalysis-desktop"
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"
!define KNOWN "Software\Classes\AppUserModelId\${ID}"

Name "${NAME}"
OutFile "${OUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\${NAME}"
InstallDirRegKey HKCU "${UNINSTALL}" "InstallLocation"
VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "${NAME}"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey FileDescription "Installer of ${NAME}"
VIAddVersionKey CompanyName "${MAKERS}"
VIAddVersionKey LegalCopyright "MIT licence"

!define MUI_ICON "icon.ico"
!define MUI_UNICON "icon.ico"
!define MUI_FINISHPAGE_RUN "$INSTDIR\fragalysis-desktop.exe"
!define MUI_FINISHPAGE_RUN_TEXT "Open ${NAME}"
!insertmacro MUI_PAGE_LICENSE "LICENSE.txt"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

; A program that runs cannot be replaced or removed, and then nothing is. Silent installations end with 2.
!macro END_THE_PROGRAM UN
Function ${UN}EndTheProgram
    again:
    ClearErrors
    ; Who may write to it knows that it does not run.
    IfFileExists "$INSTDIR\fragalysis-desktop.exe" 0 +3
    FileOpen $0 "$INSTDIR\fragalysis-desktop.exe" a
    FileClose $0
    IfErrors running
    IfFileExists "$INSTDIR\fragalysis-desktop.com" 0 +3
    FileOpen $0 "$INSTDIR\fragalysis-desktop.com" a
    FileClose $0
    IfErrors running
    ; The last doubt: the first of the two goes only if it can.
    Delete "$INSTDIR\fragalysis-desktop.exe"
    IfErrors running
    Delete "$INSTDIR\fragalysis-desktop.com"
    Return
    running:
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "${NAME} is running. Close it, and retry." /SD IDCANCEL IDRETRY again
    SetErrorLevel 2
    Abort "${NAME} is running."
FunctionEnd
!macroend
!insertmacro END_THE_PROGRAM ""
!insertmacro END_THE_PROGRAM "un."

; Returns in $1 whether the user's own search path is short enough to be changed here: a longer one than this
; installer can hold would be cut off, and with it the paths of other programs.
!macro IS_PATH_SHORT UN
Function ${UN}IsPathShort
    ; Text of either sort, not expanded. Nothing there yet is an empty one.
    StrCpy $1 0
    System::Call 'advapi32::RegGetValueW(p 0x80000001, w "Environment", w "Path", i 0x10000006, p 0, p 0, *i 0 r1) i .r0'
    IntOp $1 $1 / 2
    StrLen $2 $INSTDIR
    IntOp $1 $1 + $2
    IntOp $2 ${NSIS_MAX_STRLEN} - 8
    IntCmp $1 $2 long short long
    short:
    StrCpy $1 1
    Return
    long:
    StrCpy $1 0
FunctionEnd
!macroend
!insertmacro IS_PATH_SHORT ""
!insertmacro IS_PATH_SHORT "un."

Section
    SetOutPath "$INSTDIR"
    Call EndTheProgram
    File "fragalysis-desktop.exe"
    ; Whoever types the name without an ending gets this one, which belongs to the console.
    File "fragalysis-desktop.com"
    File "icon.png"
    File "LICENSE.txt"
    File "licences.txt"
    File "README.md"
    WriteUninstaller "$INSTDIR\uninstall.exe"
    CreateShortcut "$SMPROGRAMS\${NAME}.lnk" "$INSTDIR\fragalysis-desktop.exe" "" "$INSTDIR\fragalysis-desktop.exe" 0 SW_SHOWNORMAL "" "Browse crystallographic fragment screens and download them"

    WriteRegStr HKCU "${KNOWN}" "DisplayName" "${NAME}"
    WriteRegStr HKCU "${KNOWN}" "IconUri" "$INSTDIR\icon.png"

    WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${NAME}"
    WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
    WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\fragalysis-desktop.exe"
    WriteRegStr HKCU "${UNINSTALL}" "Publisher" "${MAKERS}"
    WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
    WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
    WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
    WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
    WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
    ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
    WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" $0

    Call IsPathShort
    StrCmp $1 1 0 too_long
    ReadRegStr $3 HKCU "Environment" "Path"
    ${StrStr} $4 ";$3;" ";$INSTDIR;"
    StrCmp $4 "" 0 path_done
    StrCmp $3 "" 0 +3
    StrCpy $3 "$INSTDIR"
    Goto write_path
    StrCpy $3 "$3;$INSTDIR"
    write_path:
    WriteRegExpandStr HKCU "Environment" "Path" "$3"
    SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=2000
    Goto path_done
    too_long:
    DetailPrint "Your PATH is too long to be changed here. For the command line, add $INSTDIR to it."
    path_done:
SectionEnd

Section "Uninstall"
    Call un.EndTheProgram
    Delete "$INSTDIR\icon.png"
    Delete "$INSTDIR\LICENSE.txt"
    Delete "$INSTDIR\licences.txt"
    Delete "$INSTDIR\README.md"
    Delete "$INSTDIR\uninstall.exe"
    ; Only when it is empty: what else lies in it is the user's.
    RMDir "$INSTDIR"
    Delete "$SMPROGRAMS\${NAME}.lnk"
    DeleteRegKey HKCU "${KNOWN}"
    DeleteRegKey HKCU "${UNINSTALL}"
    Call un.IsPathShort
    StrCmp $1 1 0 path_done
    ReadRegStr $3 HKCU "Environment" "Path"
    StrCmp $3 "" path_done
    ${UnStrRep} $4 ";$3;" ";$INSTDIR;" ";"
    StrCmp $4 ";$3;" path_done
    ; Without the two marks that were put around it.
    StrCmp $4 ";" 0 +3
    DeleteRegValue HKCU "Environment" "Path"
    Goto told
    StrCpy $4 $4 "" 1
    StrCpy $4 $4 -1
    WriteRegExpandStr HKCU "Environment" "Path" "$4"
    told:
    SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=2000
    path_done:
SectionEnd
