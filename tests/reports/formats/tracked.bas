REM Saves each of these documents of a folder with all changes accepted, and with all of them rejected.
Sub Settle(folder As String, names As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = "Hidden"
  hidden(0).Value = True
  Dim saved(0) As New com.sun.star.beans.PropertyValue
  saved(0).Name = "FilterName"
  saved(0).Value = "MS Word 2007 XML"
  dispatcher = createUnoService("com.sun.star.frame.DispatchHelper")
  For Each title In Split(names, ",")
    For Each choice In Array("Accept", "Reject")
      document = StarDesktop.loadComponentFromURL(folder & "/" & title & ".docx", "_blank", 0, hidden())
      frame = document.CurrentController.Frame
      dispatcher.executeDispatch(frame, ".uno:" & choice & "AllTrackedChanges", "", 0, Array())
      document.storeToURL(folder & "/" & title & "-" & choice & ".docx", saved())
      document.close(True)
    Next
  Next
End Sub
